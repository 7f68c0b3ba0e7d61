import { databaseOfThisFile } from '../../support/mongo.ts';
import type { UsageTerms } from '../../../domain/usage/usage-window.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import type { UsageAlert } from '../../../services/usage/usage-alert-store.ts';
import type { UsageCorrection, UsageEvent } from '../../../services/usage/usage-schemas.ts';
import { createUsageService } from '../../../services/usage/usage-service.ts';

/** A monthly subscription from 1 January 2027 10:00 in UTC, billed by the meters that a test names. */
export function usageTerms(subscription: string, change: Partial<UsageTerms> = {}): UsageTerms {
  return {
    subscription,
    anchor: { at: '2027-01-01T10:00:00.000Z', timeZone: 'UTC', alignment: 'anniversary' },
    interval: { interval: 'month', count: 1 },
    meters: ['calls'],
    countedFrom: '2027-01-01T10:00:00.000Z',
    pause: null,
    endedAt: null,
    ...change,
  };
}

export function usageEvent(id: string, change: Partial<UsageEvent> = {}): UsageEvent {
  const at = '2027-01-15T00:00:00.000Z';
  return { id, subscription: 'sub_1', meter: 'calls', quantity: 10, at, value: null, ...change };
}

export function correction(id: string, corrects: string, quantity: number | null): UsageCorrection {
  return { id, subscription: 'sub_1', corrects, quantity };
}

export const january = { start: '2027-01-01T10:00:00.000Z', end: '2027-02-01T10:00:00.000Z' };
export const february = { start: '2027-02-01T10:00:00.000Z', end: '2027-03-01T10:00:00.000Z' };

/** The service on the database of this file, with the terms that a test sets. */
export async function usageUnderTest() {
  const db = await databaseOfThisFile();
  await ensureIndexes(db);
  const terms = new Map<string, UsageTerms>();
  const told: UsageAlert[] = [];
  const mood = { mailAway: false };
  const service = createUsageService({
    db,
    subscriptions: {
      usageTerms: (ids) => Promise.resolve(ids.flatMap((id) => terms.get(id) ?? [])),
    },
    tell: (alert) => {
      if (mood.mailAway) return Promise.reject(new Error('the mail cannot be written down'));
      told.push(alert);
      return Promise.resolve();
    },
  });
  return { db, service, terms, told, mood };
}
