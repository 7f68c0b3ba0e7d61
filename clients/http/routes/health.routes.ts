import { z } from 'zod';
import type { Registry } from 'prom-client';
import type { Api, ApiDeps } from '../api-deps.ts';

const aliveAnswer = z.object({ status: z.literal('ok') });
const part = z.enum(['ok', 'unavailable']);
const readyAnswer = z.object({ status: part, mongo: part, temporal: part });

export interface HealthRouteDeps extends Pick<ApiDeps, 'health'> {
  readonly metrics: Registry;
  /** The same calls under /v1 stay out of the document. */
  readonly documented: boolean;
}

const config = { rateLimit: false } as const;
const tags = ['health'];

export function registerHealth(app: Api, { health, metrics, documented }: HealthRouteDeps): void {
  const shown = (operationId: string) => ({ tags, security: [], ...(documented ? { operationId } : { hide: true }) });

  app.get(
    '/healthz',
    { config, schema: { ...shown('healthz'), summary: 'The process is up', response: { 200: aliveAnswer } } },
    () => ({ status: 'ok' as const }),
  );

  app.get(
    '/readyz',
    {
      config,
      schema: {
        ...shown('readyz'),
        summary: 'The process can do its work',
        response: { 200: readyAnswer, 503: readyAnswer },
      },
    },
    async (_request, reply) => {
      const [mongo, temporal] = await Promise.all([answers(health.mongo), answers(health.temporal)]);
      const status = mongo === 'ok' && temporal === 'ok' ? 'ok' : 'unavailable';
      return reply.code(status === 'ok' ? 200 : 503).send({ status, mongo, temporal });
    },
  );

  app.get(
    '/metrics',
    { config, schema: { ...shown('metrics'), summary: 'Measurements in the format of Prometheus' } },
    async (_request, reply) => reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}

async function answers(probe: () => Promise<boolean>): Promise<z.output<typeof part>> {
  try {
    return (await probe()) ? 'ok' : 'unavailable';
  } catch {
    return 'unavailable';
  }
}
