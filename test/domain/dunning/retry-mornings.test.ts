import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextRetryAt } from '../../../domain/dunning/dunning-schedule.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const dayMs = 86_400_000;
const zones = ['Pacific/Kiritimati', 'America/Los_Angeles', 'Asia/Kathmandu', 'Europe/London', 'America/Sao_Paulo'];
const clocks = new Map(
  zones.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', hourCycle: 'h23' }),
  ]),
);

const failures = fc.record({
  firstFailedAt: fc
    .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2036-01-01T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString()),
  timeZone: fc.constantFrom(...zones),
  market: fc.constantFrom('DE', 'US', 'JP'),
  declineClass: fc.constantFrom('soft_funds' as const, 'vague' as const),
});

describe('retries, wherever the customer lives and whenever the renewal failed', () => {
  it('are a day apart, in the morning (an hour later where the clocks went forward), and over before the last stage, after 28 days', () => {
    fc.assert(
      fc.property(failures, (failure) => {
        const first = Date.parse(failure.firstFailedAt);
        let [at, attempts] = [first, 0];
        for (;;) {
          const next = nextRetryAt({ ...failure, attempts, at: new Date(at).toISOString() });
          if (next.kind !== 'retry') break;
          const moment = Date.parse(next.at);
          expect(moment - at).toBeGreaterThanOrEqual(dayMs);
          expect([8, 9, 10]).toContain(Number(clocks.get(failure.timeZone)?.format(moment)));
          [at, attempts] = [moment, attempts + 1];
        }
        expect(attempts).toBeGreaterThan(2);
        expect(at - first).toBeLessThan(28 * dayMs);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
