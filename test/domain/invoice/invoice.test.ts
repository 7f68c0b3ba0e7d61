import { describe, expect, it } from '@jest/globals';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent, invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber, sameContent } from '../../../domain/invoice/invoice.ts';
import { legalEntities, legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { localDate } from '../../../domain/time/local-date.ts';
import { reverseChargeNote } from '../../../domain/invoice/exemption-notes.ts';
import { sampleLine, sampleOrder, sampleQuote } from './sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';
const entity = legalEntityAt(at);
const payment = { method: 'card', paidAt: at };

function invoiceOf(order = sampleOrder()) {
  return invoiceContent({ id: 'inv_1', fact: 'order/x/sale', order, payment, entity, exchangeRate: null, at });
}

describe('an invoice', () => {
  it('names both parties, the dates, each line and each rate', () => {
    const invoice = invoiceOf();
    expect(invoice).toMatchObject({
      issueDate: '2026-11-21',
      supplyDate: '2026-11-21',
      seller: { name: 'Waybill Commerce Ltd', country: 'IE', taxId: 'IE1234567FA' },
      buyer: { name: 'Ada Lovelace', country: 'DE', addressLines: ['Invalidenstraße 1', '10115 Berlin'], taxId: null },
      net: 12997,
      tax: 2469,
      gross: 15466,
      taxes: [{ jurisdiction: 'DE', rate: '0.19', base: 12997, amount: 2469 }],
      notes: [],
    });
    expect(invoice.lines.map(({ description, quantity, unitNet }) => [description, quantity, unitNet])).toEqual([
      ['Editor Pro', 3, '39.99'],
      ['Handbook', 1, '10.00'],
    ]);
  });

  it('gives a unit price to four digits more than the currency where the net does not divide', () => {
    const quote = (net: number, quantity: number, currency: string) =>
      sampleQuote([sampleLine({ line: '1', name: 'x', net, quantity, taxes: [] })], { currency });
    const unit = (net: number, quantity: number, currency: string) =>
      invoiceOf(sampleOrder({ quote: quote(net, quantity, currency) })).lines[0]?.unitNet;
    expect(unit(100, 12, 'EUR')).toBe('0.083333');
    expect(unit(1000, 3, 'JPY')).toBe('333.3333');
    expect(unit(1000, 2, 'JPY')).toBe('500');
    expect(unit(1250, 1, 'KWD')).toBe('1.250');
    expect(unit(0, 5, 'EUR')).toBe('0.00');
  });

  it('says "reverse charge" in English and in the language of the customer', () => {
    const quote = sampleQuote([sampleLine({ line: '1', name: 'x', net: 100, taxes: [] })], { reverseCharge: true });
    const invoice = invoiceOf(
      sampleOrder({ quote, customer: { type: 'business', businessTaxId: 'FR40303265045', country: 'FR' } }),
    );
    expect(invoice.notes.map(({ text }) => text)).toEqual(['Reverse charge / Autoliquidation']);
    expect(invoice.buyer.taxId).toBe('FR40303265045');
    expect(reverseChargeNote({ country: 'IE', locale: 'en' }).text).toBe('Reverse charge');
    expect(reverseChargeNote({ country: 'AT', locale: 'de' }).text).toBe(
      'Steuerschuldnerschaft des Leistungsempfängers / Reverse charge',
    );
  });

  it('has the issue date of the seat of the legal entity, which decides the year of its number', () => {
    expect(localDate('2026-12-31T23:59:59Z', entity.timeZone)).toBe('2026-12-31');
    expect(localDate('2026-06-30T23:30:00Z', entity.timeZone)).toBe('2026-07-01');
    expect(documentNumber('INV', 2026, 1).number).toBe('INV-2026-000001');
    expect(documentNumber('CN', 2026, 1_234_567).number).toBe('CN-2026-1234567');
  });

  it('is the same content when repeated on another day, and another when an amount differs', () => {
    const again = invoiceContent({ ...request(), at: '2027-01-02T00:00:00.000Z' });
    expect(sameContent(invoiceOf(), again)).toBe(true);
    expect(sameContent(invoiceOf(), { ...again, gross: again.gross + 1 })).toBe(false);
  });

  it('needs a legal entity: none before the first, exactly one at any time after', () => {
    expect(() => legalEntityAt('2019-12-31T23:59:59Z')).toThrow(
      expect.objectContaining({ code: 'invoice.legal_entity_missing' }),
    );
    const [first] = legalEntities;
    if (first === undefined) throw new Error('no entity');
    const moved = [
      { ...first, validTo: '2027-01-01T00:00:00Z' },
      { ...first, addressLines: ['2 New Street'], validFrom: '2027-01-01T00:00:00Z' },
    ];
    expect(legalEntityAt('2026-12-31T23:59:59.999Z', moved).addressLines).toEqual(first.addressLines);
    expect(legalEntityAt('2027-01-01T00:00:00.000Z', moved).addressLines).toEqual(['2 New Street']);
  });
});

describe('a credit note', () => {
  it('refers to its invoice, states the reason and carries positive amounts', () => {
    const order = sampleOrder();
    const invoice = { ...invoiceOf(order), ...documentNumber('INV', 2026, 7) };
    const note = creditNoteContent({
      id: 'crn_1',
      fact: 'order/x/refund/r1',
      invoice,
      lines: creditWholeLines(order.quote, ['2']),
      reason: 'not_delivered',
      entity,
      at: '2026-12-01T00:00:00.000Z',
    });
    expect(note).toMatchObject({
      kind: 'credit_note',
      corrects: { id: 'inv_1', number: 'INV-2026-000007', issueDate: '2026-11-21' },
      reason: 'not_delivered',
      net: 1000,
      tax: 190,
      gross: 1190,
      lines: [{ line: '2', description: 'Handbook', quantity: 1 }],
      taxes: [{ jurisdiction: 'DE', rate: '0.19', base: 1000, amount: 190 }],
    });
  });
});

function request() {
  return { id: 'inv_1', fact: 'order/x/sale', order: sampleOrder(), payment, entity, exchangeRate: null };
}
