import { Readable } from 'node:stream';
import { z } from 'zod';
import { fileNameSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';

const fileAnswer = z
  .object({ name: z.string(), size: z.int(), sha256: z.string() })
  .meta({ id: 'File', description: '`size` in bytes' });

/** In a scope of its own: here every body, JSON too, is a stream of bytes and never read into memory. */
export function registerFiles(app: Api, { files, now }: Pick<ApiDeps, 'files' | 'now'>): void {
  app.removeAllContentTypeParsers();
  // Left open when the store stops reading: the caller still gets the answer that says why.
  app.addContentTypeParser('*', (_request, payload, done) =>
    done(null, Readable.from(payload.iterator({ destroyOnReturn: false }))),
  );

  app.put(
    '/files/:name',
    {
      schema: {
        operationId: 'putFile',
        tags: ['catalogue'],
        summary: 'Store or replace a file that products deliver',
        params: z.object({ name: fileNameSchema }),
        response: { 200: fileAnswer },
      },
    },
    async (request) => {
      const body = request.body instanceof Readable ? request.body : Readable.from([]);
      try {
        return await files.putFile(request.params.name, body, now());
      } catch (error) {
        request.raw.resume();
        throw error;
      }
    },
  );
}
