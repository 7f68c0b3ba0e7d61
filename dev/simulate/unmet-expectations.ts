import { z } from 'zod';
import type { SimulationResult } from './gather-result.ts';
import type { Expectation } from './scenario-schema.ts';

const shownSubscription = z.looseObject({ name: z.string(), status: z.string() });

/** Where the result is not what the scenario says of it, in words. */
export function unmetExpectations(result: SimulationResult, wanted: Expectation): readonly string[] {
  const { invoices, payments, messages, subscriptions } = result;
  const grossOf = (kind: string) => invoices.filter((one) => one.kind === kind).map(({ gross }) => gross);
  const billed = invoices.filter(({ kind, periodStart }) => kind === 'invoice' && periodStart !== undefined);
  const statuses = new Map(
    subscriptions.map((shown) => {
      const { name, status } = shownSubscription.parse(shown);
      return [name, status];
    }),
  );
  const sent = new Set(messages.map(({ template }) => template));
  return [
    ...differs('invoices', wanted.invoices, grossOf('invoice')),
    ...differs('credit notes', wanted.creditNotes, grossOf('credit_note')),
    ...differs(
      'periods',
      wanted.periodStarts,
      billed.map(({ periodStart }) => (periodStart ?? '').slice(0, 10)),
    ),
    ...differs('declines', wanted.declines, payments.filter(({ status }) => status === 'declined').length),
    ...Object.entries(wanted.subscriptions ?? {}).flatMap(([name, status]) =>
      differs(`subscription ${name}`, status, statuses.get(name) ?? 'none'),
    ),
    ...(wanted.messages ?? []).flatMap((template) => (sent.has(template) ? [] : [`no mail "${template}" was sent`])),
  ];
}

function differs(what: string, wanted: unknown, seen: unknown): readonly string[] {
  if (wanted === undefined || JSON.stringify(wanted) === JSON.stringify(seen)) return [];
  return [`${what}: wanted ${JSON.stringify(wanted)}, got ${JSON.stringify(seen)}`];
}
