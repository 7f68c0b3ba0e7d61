import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createLocalizedFormat } from '../../../domain/message/localized.ts';
import { messageTransitions } from '../../../domain/message/message.ts';
import { canTransition, isTerminal, unreachableStates } from '../../../domain/state-machine.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const en = createLocalizedFormat('en');
const de = createLocalizedFormat('de');

describe('amounts and dates for readers', () => {
  it('follow the language', () => {
    expect([en.money(123456, 'EUR'), de.money(123456, 'EUR')]).toEqual(['€1,234.56', '1.234,56\u00a0€']);
    expect([en.amount(123456, 'EUR'), de.amount(-5, 'EUR')]).toEqual(['1,234.56', '-0,05']);
    expect([en.percent('0.09975'), de.percent('0.09975')]).toEqual(['9.975 %', '9,975 %']);
    expect([en.date('2026-03-01'), de.date('2026-03-01')]).toEqual(['1 March 2026', '1. März 2026']);
    expect(en.dateTime('2026-03-01T22:05:00Z')).toBe('1 March 2026 at 22:05 UTC');
    expect([en.country('DE'), de.country('FR')]).toEqual(['Germany', 'Frankreich']);
    expect(de.decimal('0.0833')).toBe('0,0833');
  });

  it('have the digits of ISO 4217, also where Intl would show others', () => {
    expect(en.amount(1250, 'JPY')).toBe('1,250');
    expect(en.amount(1250, 'KWD')).toBe('1.250');
    expect(en.amount(1250, 'HUF')).toBe('12.50');
  });

  it('lose no digit of any safe integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('EUR', 'JPY', 'KWD'), (amount, currency) => {
        expect(Number(en.amount(amount, currency).replace(/[,.]/g, ''))).toBe(amount);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('the states of a message', () => {
  it('end in sent or failed, and only a held message may be settled', () => {
    expect(unreachableStates(messageTransitions, 'queued')).toEqual([]);
    expect(isTerminal(messageTransitions, 'sent') && isTerminal(messageTransitions, 'failed')).toBe(true);
    expect(canTransition(messageTransitions, 'queued', 'sent')).toBe(false);
  });
});
