import type { FailureCode } from '../../domain/failures.ts';
import type { Meter } from '../../domain/usage/meter.ts';
import { placeUsage, usagePeriodAt } from '../../domain/usage/usage-window.ts';
import type { UsageTerms } from '../../domain/usage/usage-window.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import type { MeterStore } from './meter-store.ts';
import type { MeteredPeriod, UsageAlerts } from './usage-alerts.ts';
import type { UsageCorrection, UsageEntry, UsageEvent } from './usage-schemas.ts';
import type { UsageEventDocument, UsageEventStore } from './usage-store.ts';
import type { UsageSubscriptions } from './usage-subscriptions.ts';

interface Period {
  readonly start: string;
  readonly end: string;
}

/** What became of one entry. `late`: its period had ended, so it may be on the next invoice. */
export type UsageAnswer =
  | { readonly kind: 'recorded'; readonly id: string; readonly period: Period; readonly late: boolean }
  /** The same entry was recorded before; nothing changed. */
  | { readonly kind: 'repeated'; readonly id: string; readonly period: Period; readonly late: boolean }
  | { readonly kind: 'refused'; readonly id: string; readonly code: FailureCode; readonly message: string };

export interface RecordedUsage {
  /** One for each entry, in their order. */
  readonly answers: readonly UsageAnswer[];
  /** Subscriptions whose customers now have a mail about a threshold or cap waiting for them. */
  readonly alerted: readonly string[];
}

type Refused = Extract<UsageAnswer, { readonly kind: 'refused' }>;

interface CheckedEvent {
  readonly event: UsageEvent;
  readonly document: UsageEventDocument;
  readonly period: Period;
  readonly late: boolean;
  /** Why it may not be written; a repeat of what was written in time is a repeat all the same. */
  readonly refused: Refused | null;
}

export interface UsageRecorderDeps {
  readonly events: UsageEventStore;
  readonly meters: MeterStore;
  readonly subscriptions: UsageSubscriptions;
  readonly alerts: UsageAlerts;
}

interface Context {
  readonly terms: ReadonlyMap<string, UsageTerms>;
  readonly meters: ReadonlyMap<string, Meter>;
  readonly now: string;
}

/** Records a batch: one read of the subscriptions, one insert of all events, then the corrections one by one. */
export function createUsageRecorder({ events, meters, subscriptions, alerts }: UsageRecorderDeps) {
  async function contextOf(entries: readonly UsageEntry[], now: string): Promise<Context> {
    const found = await subscriptions.usageTerms([...new Set(entries.map(({ subscription }) => subscription))]);
    const terms = new Map(found.map((one) => [one.subscription, one]));
    const known = new Set(found.flatMap((one) => one.meters));
    return { terms, meters: await meters.findOrWriteDown([...known]), now };
  }

  async function recordEvents(batch: readonly UsageEvent[], context: Context): Promise<Map<UsageEvent, UsageAnswer>> {
    const checked = batch.map((event) => checkEvent(event, context));
    const accepted = checked.filter(({ refused }) => refused === null);
    const duplicates = await events.insertNew(accepted.map(({ document }) => document));
    const written = new Set(accepted.filter((_, index) => !duplicates.has(index)));
    const known = await events.byIds(checked.flatMap((one) => (written.has(one) ? [] : [one.document._id])));
    return new Map(
      checked.map((one) => [
        one.event,
        written.has(one) ? answerAs('recorded', one) : answerUnwritten(one, known.get(one.document._id)),
      ]),
    );
  }

  async function recordCorrection(entry: UsageCorrection, context: Context): Promise<UsageAnswer> {
    const { id, subscription, corrects, quantity } = entry;
    const terms = context.terms.get(subscription);
    if (terms === undefined) return unknownSubscription(entry);
    const eventId = `${subscription}/${corrects}`;
    const event = (await events.byIds([eventId])).get(eventId);
    if (event === undefined) return refusal(id, 'usage.event_unknown', `there is no usage event "${corrects}"`);
    if (quantity !== null && quantity < 0) return negative(id, quantity);
    const given = event.corrections.find((correction) => correction.id === id);
    if (given !== undefined)
      return given.quantity === quantity
        ? { kind: 'repeated', id, period: usagePeriodAt(terms, event.at), late: false }
        : refusal(id, 'usage.conflict', `correction "${id}" was recorded with another quantity`);
    // No statement of a meter that nothing is billed by any more is to come.
    if (!terms.meters.includes(event.meter)) return unknownMeter(id, event);
    const placement = placeUsage(terms, event.at, context.now);
    if (placement.kind === 'refused') return refusal(id, placement.code, placement.message);
    const { period, late } = placement;
    const changed = await events.correct(eventId, { id, quantity, at: context.now });
    return { kind: changed ? 'recorded' : 'repeated', id, period, late };
  }

  async function noticeLevels(
    entries: readonly UsageEntry[],
    answers: ReadonlyMap<UsageEntry, UsageAnswer>,
    { terms, meters: known, now }: Context,
  ): Promise<readonly string[]> {
    const touched = new Map<string, MeteredPeriod>();
    for (const entry of entries) {
      const answer = answers.get(entry);
      if (answer === undefined || answer.kind === 'refused') continue;
      const { subscription } = entry;
      const ids = 'corrects' in entry ? (terms.get(subscription)?.meters ?? []) : [entry.meter];
      for (const meter of ids.flatMap((meterId) => known.get(meterId) ?? []))
        touched.set(`${subscription}/${meter.id}/${answer.period.start}`, {
          subscription,
          meter,
          period: answer.period,
        });
    }
    const alerted = new Set<string>();
    for (const meteredPeriod of touched.values())
      if ((await alerts.notice(meteredPeriod, now)).length > 0) alerted.add(meteredPeriod.subscription);
    return [...alerted];
  }

  return {
    async record(entries: readonly UsageEntry[], now: string): Promise<RecordedUsage> {
      const context = await contextOf(entries, now);
      const answers = new Map<UsageEntry, UsageAnswer>(
        await recordEvents(
          entries.flatMap((entry) => ('corrects' in entry ? [] : [entry])),
          context,
        ),
      );
      for (const entry of entries) if ('corrects' in entry) answers.set(entry, await recordCorrection(entry, context));
      const alerted = await noticeLevels(entries, answers, context);
      return { answers: entries.flatMap((entry) => answers.get(entry) ?? []), alerted };
    },
  };
}

function checkEvent(event: UsageEvent, context: Context): CheckedEvent {
  const document = documentOf(event, context.now);
  const terms = context.terms.get(event.subscription);
  if (terms === undefined) {
    const nowhere = { period: { start: event.at, end: event.at }, late: false };
    return { event, document, ...nowhere, refused: unknownSubscription(event) };
  }
  const placement = placeUsage(terms, event.at, context.now);
  const refused =
    contentProblem(event, terms, context.meters.get(event.meter)) ??
    (placement.kind === 'refused' ? refusal(event.id, placement.code, placement.message) : null);
  return placement.kind === 'refused'
    ? { event, document, period: usagePeriodAt(terms, event.at), late: true, refused }
    : { event, document, period: placement.period, late: placement.late, refused };
}

function contentProblem({ id, ...event }: UsageEvent, terms: UsageTerms, meter: Meter | undefined): Refused | null {
  const { quantity, value } = event;
  if (!terms.meters.includes(event.meter)) return unknownMeter(id, event);
  if (quantity < 0) return negative(id, quantity);
  return meter?.aggregation === 'unique' && value === null
    ? refusal(id, 'usage.value_missing', `meter "${event.meter}" counts different values: name one in "value"`)
    : null;
}

function answerUnwritten(checked: CheckedEvent, known: UsageEventDocument | undefined): UsageAnswer {
  if (known !== undefined && sameContent(known, checked.document)) return answerAs('repeated', checked);
  const { id } = checked.event;
  return checked.refused ?? refusal(id, 'usage.conflict', `event "${id}" was recorded with other content`);
}

function answerAs(kind: 'recorded' | 'repeated', { event, period, late }: CheckedEvent): UsageAnswer {
  return { kind, id: event.id, period, late };
}

function documentOf({ id, subscription, meter, quantity, at, value }: UsageEvent, now: string): UsageEventDocument {
  return {
    _id: `${subscription}/${id}`,
    ...{ subscription, meter, quantity, at },
    valueHash: value === null ? null : canonicalHash(value),
    recordedAt: now,
    counted: true,
    sentQuantity: quantity,
    corrections: [],
  };
}

function sameContent(known: UsageEventDocument, sent: UsageEventDocument): boolean {
  return (
    known.meter === sent.meter &&
    known.sentQuantity === sent.sentQuantity &&
    known.at === sent.at &&
    known.valueHash === sent.valueHash
  );
}

function unknownSubscription({ id, subscription }: UsageEntry): Refused {
  return refusal(id, 'usage.subscription_unknown', `there is no subscription "${subscription}"`);
}

function unknownMeter(id: string, { subscription, meter }: Pick<UsageEvent, 'subscription' | 'meter'>): Refused {
  return refusal(id, 'usage.meter_unknown', `subscription "${subscription}" is not billed by a meter "${meter}"`);
}

function negative(id: string, quantity: number): Refused {
  const message = `a quantity is 0 or more, not ${quantity}; take an event back with a correction`;
  return refusal(id, 'usage.quantity_invalid', message);
}

function refusal(id: string, code: FailureCode, message: string): Refused {
  return { kind: 'refused', id, code, message };
}
