import { z } from 'zod';
import {
  renewalFiguresSchema,
  renewalForecastSchema,
  renewalTallySchema,
} from '../../../services/renewal-run/renewal-run-store.ts';
import type { RenewalRun } from '../../../services/renewal-run/renewal-run-store.ts';
import { instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import { instantAnswer } from '../answer-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';

export type RenewalRunRouteDeps = Pick<ApiDeps, 'renewalRuns'>;

const listQuery = z.strictObject({
  before: instantSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(24),
});

const renewalRunAnswer = z
  .object({
    at: instantAnswer,
    from: instantAnswer,
    to: instantAnswer,
    endedAt: instantAnswer,
    ...renewalTallySchema.shape,
    mended: z.int(),
    ...renewalFiguresSchema.shape,
    forecast: renewalForecastSchema,
  })
  .meta({
    id: 'RenewalRun',
    description: 'Amounts are minor units by currency. `renewed` and `failed` are bills opened from `from` to `to`.',
  });

/** What the hourly renewal runs saw and mended. */
export function registerRenewalRuns(app: Api, { renewalRuns }: RenewalRunRouteDeps): void {
  app.get(
    '/renewal-runs',
    {
      schema: {
        operationId: 'listRenewalRuns',
        tags: ['subscriptions'],
        summary: 'Reports of the renewal runs, the newest first',
        description: 'Take `nextBefore` of one page as `before` of the next; null: there are no more.',
        querystring: listQuery,
        response: {
          200: z.object({ items: z.array(renewalRunAnswer).readonly(), nextBefore: z.string().nullable() }),
        },
      },
    },
    async (request) => {
      const { before = null, limit } = request.query;
      const found = await renewalRuns.list({ before, limit: limit + 1 });
      const page = found.slice(0, limit);
      return { items: page.map(viewOf), nextBefore: found.length > limit ? (page.at(-1)?._id ?? null) : null };
    },
  );
}

function viewOf({ _id: at, from, to, endedAt, tally, mended, figures, forecast }: RenewalRun) {
  return { ...{ at, from, to, endedAt, mended, forecast }, ...tally, ...figures };
}
