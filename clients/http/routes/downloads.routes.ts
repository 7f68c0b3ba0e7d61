import { z } from 'zod';
import { fail, isFailure } from '../../../domain/failures.ts';
import type { OpenFile } from '../../../services/catalog/file-store.ts';
import type { Api, ApiDeps, RateLimits } from '../api-deps.ts';

export interface DownloadRouteDeps extends Pick<ApiDeps, 'deliveries' | 'files' | 'now'> {
  readonly limits: RateLimits;
  /** The short path of mails stays out of the document; the one under /v1 is in it. */
  readonly documented: boolean;
}

/** Public: whoever holds the link may use it, as often and as long as it says. Only GET counts, so there is no HEAD. */
export function registerDownloads(app: Api, { deliveries, files, now, limits, documented }: DownloadRouteDeps): void {
  async function open(name: string): Promise<OpenFile> {
    try {
      return await files.openFile(name);
    } catch (error) {
      if (isFailure(error, 'catalog.file_unknown')) return fail('delivery.not_found', 'The file is no longer there');
      throw error;
    }
  }

  app.get(
    '/d/:token',
    {
      exposeHeadRoute: false,
      config: { rateLimit: { max: limits.downloads, timeWindow: 60_000, groupId: 'downloads' } },
      schema: {
        ...(documented ? { operationId: 'download' } : { hide: true }),
        tags: ['downloads'],
        summary: 'Download a file that was bought',
        security: [],
        params: z.object({ token: z.string().min(1).max(2000) }),
      },
    },
    async (request, reply) => {
      const { file } = await deliveries.redeemDownload(request.params.token, now());
      const { name, size, contentType, stream } = await open(file);
      return reply
        .header('content-type', contentType)
        .header('content-length', size)
        .header('content-disposition', attachment(name))
        .header('cache-control', 'private, no-store')
        .send(stream);
    },
  );
}

/** RFC 6266: a plain name for old readers, the real one in UTF-8. */
export function attachment(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._ ()+-]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
