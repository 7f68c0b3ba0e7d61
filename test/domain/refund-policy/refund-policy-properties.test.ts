import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decideRefund } from '../../../domain/refund-policy/decide-refund.ts';
import { grantedParts } from '../../../domain/refund-policy/granted-parts.ts';
import { productKinds } from '../../../domain/refund-policy/refund-facts.ts';
import type { RefundDecision } from '../../../domain/refund-policy/refund-decision.ts';
import type { RefundFacts } from '../../../domain/refund-policy/refund-facts.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { factsOf } from './refund-facts.ts';

const start = Date.parse('2026-01-01T00:00:00.000Z');
const dayMs = 86_400_000;
const instant = (from: number, days: number) =>
  fc.integer({ min: 0, max: days * 1_440 }).map((minutes) => new Date(from + minutes * 60_000).toISOString());
const country = fc.constantFrom('DE', 'ES', 'GB', 'KR', 'JP', 'US', 'AU', 'NZ', 'BR', 'IN', 'TR', 'CN', 'CH');

/** A purchase, and later instants in ascending order at which the customer might ask. */
const facts: fc.Arbitrary<RefundFacts> = fc
  .record({
    country,
    type: fc.constantFrom('consumer', 'business'),
    kind: fc.constantFrom(...productKinds),
    contractAt: instant(start, 400),
    suppliedAfter: fc.option(fc.integer({ min: 0, max: 20 })),
    confirmedAfter: fc.option(fc.integer({ min: 0, max: 20 })),
    receivedAfter: fc.option(fc.integer({ min: 0, max: 20 })),
    performedAfter: fc.option(fc.integer({ min: 0, max: 40 })),
    periodDays: fc.option(fc.constantFrom(7, 30, 365)),
    use: fc.constantFrom('none', 'begun', 'unknown'),
    immediateDelivery: fc.boolean(),
    withdrawalWaiver: fc.boolean(),
    informed: fc.boolean(),
    policyShown: fc.boolean(),
  })
  .map((made) => {
    const at = (days: number | null): string | null =>
      days === null ? null : new Date(Date.parse(made.contractAt) + days * dayMs).toISOString();
    const suppliedAt = at(made.suppliedAfter);
    const since = suppliedAt ?? made.contractAt;
    return factsOf(
      {
        ...{ kind: made.kind, contractAt: made.contractAt, suppliedAt, use: made.use },
        ...{ informed: made.informed, policyShown: made.policyShown },
        confirmationSentAt: at(made.confirmedAfter),
        receivedAt: at(made.receivedAfter),
        performedAt: at(made.performedAfter),
        period:
          made.periodDays === null
            ? null
            : { start: since, end: new Date(Date.parse(since) + made.periodDays * dayMs).toISOString() },
        consents: { immediateDelivery: made.immediateDelivery, withdrawalWaiver: made.withdrawalWaiver },
      },
      { country: made.country, type: made.type },
    );
  });

const later = fc.integer({ min: 0, max: 60 * 1_440 });
const after = (at: string, minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

/** How much a customer may hope for: a person may give anything but starts from nothing. */
function share({ kind, refundable }: RefundDecision): number {
  if (kind !== 'granted') return kind === 'needs_person' ? 0.000_1 : 0;
  return refundable.kind === 'pro_rata' ? refundable.unused / refundable.whole : 1;
}

describe('the refund policy', () => {
  it('never gives more to who asks later', () => {
    fc.assert(
      fc.property(facts, later, later, (purchase, first, more) => {
        const early = { ...purchase, requestedAt: after(purchase.contractAt, first) };
        const late = { ...purchase, requestedAt: after(early.requestedAt, more) };
        expect(share(decideRefund(late))).toBeLessThanOrEqual(share(decideRefund(early)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('gives a consumer never less than a business', () => {
    fc.assert(
      fc.property(facts, later, (purchase, minutes) => {
        const asked = { ...purchase, requestedAt: after(purchase.contractAt, minutes) };
        const as = (type: RefundFacts['buyer']['type']) =>
          share(decideRefund({ ...asked, buyer: { ...asked.buyer, type } }));
        expect(as('consumer')).toBeGreaterThanOrEqual(as('business'));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('names rule, source and words in both languages, and lets every refusal be appealed', () => {
    fc.assert(
      fc.property(facts, later, (purchase, minutes) => {
        const decision = decideRefund({ ...purchase, requestedAt: after(purchase.contractAt, minutes) });
        for (const text of [decision.rule, decision.source, decision.explanation.en, decision.explanation.de])
          expect(text).not.toBe('');
        expect(`${decision.explanation.en} ${decision.explanation.de}`).not.toMatch(/undefined|null|\[object/);
        expect(decision.appealable).toBe(decision.kind === 'refused');
        expect(decision.refundable.kind === 'none').toBe(decision.kind !== 'granted');
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('gives back no more than was asked for', () => {
    fc.assert(
      fc.property(facts, later, fc.nat(100_000), fc.nat(100_000), (purchase, minutes, gross, before) => {
        const decision = decideRefund({ ...purchase, requestedAt: after(purchase.contractAt, minutes) });
        const asked = [{ line: '1', quantity: 1, gross }];
        const [part] = grantedParts(asked, [{ line: '1', decision }], [{ line: '1', gross: gross + before }]);
        expect(part?.gross ?? 0).toBeLessThanOrEqual(gross);
        if (decision.kind !== 'granted') expect(part).toBeUndefined();
      }),
      { numRuns: propertyRuns() },
    );
  });
});
