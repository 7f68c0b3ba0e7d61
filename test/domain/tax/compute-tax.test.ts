import { describe, expect, it } from '@jest/globals';
import { isFailure } from '../../../domain/failures.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import type { TaxRequest } from '../../../domain/tax/tax-request.ts';
import { line, place, taxRequest } from './place.ts';

const totals = (values: Partial<TaxRequest>) => {
  const { net, tax, gross, reverseCharge } = computeTax(taxRequest(values));
  return { net, tax, gross, reverseCharge };
};
const business = { customerType: 'business', businessTaxIdStatus: 'confirmed' } as const;

describe('an exclusive price', () => {
  it('gets the tax added', () => {
    expect(totals({})).toEqual({ net: 10_000, tax: 1_900, gross: 11_900, reverseCharge: false });
  });

  it('is rounded once per rate and invoice, and the lines share the result', () => {
    const lines = ['1', '2', '3'].map((id) => line({ line: id, amount: 333 }));
    const result = computeTax(taxRequest({ lines }));
    // 3 × round(63.27) would be 189; 19 % of 999 is 189.81.
    expect(result.tax).toBe(190);
    expect(result.lines.map(({ tax }) => tax)).toEqual([64, 63, 63]);
    expect(result.taxes).toEqual([{ jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: 999, amount: 190 }]);
  });

  it('has two lines of tax in Québec, both on the same net', () => {
    const { taxes, tax } = computeTax(taxRequest({ currency: 'CAD', place: place('CA', 'QC') }));
    expect(taxes).toEqual([
      { jurisdiction: 'CA', name: 'GST', rate: '0.05', base: 10_000, amount: 500 },
      { jurisdiction: 'CA-QC', name: 'QST', rate: '0.09975', base: 10_000, amount: 998 },
    ]);
    expect(tax).toBe(1_498);
  });

  it('is 14 % in Nova Scotia, whatever older tables print', () => {
    const { taxes } = computeTax(taxRequest({ currency: 'CAD', place: place('CA', 'NS') }));
    expect(taxes).toEqual([{ jurisdiction: 'CA-NS', name: 'HST', rate: '0.14', base: 10_000, amount: 1_400 }]);
  });

  it('is taxed on 80 % in Texas', () => {
    const { taxes } = computeTax(taxRequest({ currency: 'USD', place: place('US', 'TX') }));
    expect(taxes).toEqual([{ jurisdiction: 'US-TX', name: 'Sales tax', rate: '0.0625', base: 8_000, amount: 500 }]);
  });

  it('is rounded in Texas as one sum with what is taxed in full', () => {
    const lines = [line({ line: '1', amount: 10_010 }), line({ line: '2', amount: 10_010, taxClass: 'physical' })];
    const { taxes } = computeTax(taxRequest({ currency: 'USD', place: place('US', 'TX'), lines }));
    // 6.25 % of 8008 + 10010 is 1126.125; apart it would be 500.5 and 625.625, rounded to 1127.
    expect(taxes).toEqual([{ jurisdiction: 'US-TX', name: 'Sales tax', rate: '0.0625', base: 18_018, amount: 1_126 }]);
  });

  it.each([
    ['CT', 'consumer', 635],
    ['CT', 'business', 100],
    ['MD', 'consumer', 600],
    ['MD', 'business', 300],
    ['OH', 'consumer', 0],
    ['OH', 'business', 575],
    ['IA', 'business', 0],
  ] as const)('in %s costs a %s %i on 100.00, without any tax id', (state, customerType, tax) => {
    expect(totals({ currency: 'USD', place: place('US', state), customerType }).tax).toBe(tax);
  });

  it('keeps lines of different rates apart', () => {
    const lines = [line({ line: '1' }), line({ line: '2', taxClass: 'ebook' })];
    const result = computeTax(taxRequest({ lines }));
    expect(result.taxes.map(({ rate, amount }) => [rate, amount])).toEqual([
      ['0.19', 1_900],
      ['0.07', 700],
    ]);
  });
});

describe('an inclusive price', () => {
  const inclusive = (amount: number) => [line({ taxBehavior: 'inclusive', amount })];

  it('gives up round(gross·r/(1+r))', () => {
    expect(totals({ lines: inclusive(9_999) })).toEqual({ net: 8_403, tax: 1_596, gross: 9_999, reverseCharge: false });
    expect(totals({ place: place('FI'), lines: inclusive(12_550) })).toMatchObject({ net: 10_000, tax: 2_550 });
  });

  it('is split between several taxes so that the sums hold', () => {
    const result = computeTax(taxRequest({ currency: 'CAD', place: place('CA', 'QC'), lines: inclusive(11_498) }));
    expect(result).toMatchObject({ net: 10_000, tax: 1_498, gross: 11_498 });
    expect(result.taxes.map(({ name, amount }) => [name, amount])).toEqual([
      ['GST', 500],
      ['QST', 998],
    ]);
  });

  it('never takes more from a small line than it has', () => {
    const lines = Array.from({ length: 30 }, (_, at) => line({ line: `${at}`, taxBehavior: 'inclusive', amount: 1 }));
    const result = computeTax(taxRequest({ currency: 'CAD', place: place('CA', 'QC'), lines }));
    expect(result).toMatchObject({ net: 26, tax: 4, gross: 30 });
    expect(Math.min(...result.lines.map(({ net }) => net))).toBe(0);
  });

  it('beside an exclusive one of the same rate is rounded with it as one sum', () => {
    const result = computeTax(
      taxRequest({ lines: [line({ line: 'x' }), line({ line: 'i', taxBehavior: 'inclusive', amount: 9_999 })] }),
    );
    // 1900 + 1596.479 = 3496.479
    expect(result.taxes).toEqual([{ jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: 18_403, amount: 3_496 }]);
    const halves = [line({ line: 'x', amount: 2 }), line({ line: 'i', taxBehavior: 'inclusive', amount: 2 })];
    // 0.38 + 0.319 = 0.699: each alone would vanish.
    expect(computeTax(taxRequest({ lines: halves })).tax).toBe(1);
  });

  it('shares nothing with one of another rate, another share or another tax', () => {
    const beside = (other: Partial<TaxRequest['lines'][number]>, values: Partial<TaxRequest>) => {
      const inclusiveLine = line({ line: 'i', taxBehavior: 'inclusive', amount: 9_999 });
      const alone = computeTax(taxRequest({ ...values, lines: [inclusiveLine] })).lines[0];
      const both = computeTax(taxRequest({ ...values, lines: [line({ line: 'o', ...other }), inclusiveLine] }))
        .lines[1];
      return { alone, both };
    };
    for (let amount = 1; amount < 40; amount += 1) {
      for (const { alone, both } of [
        beside({ amount, taxClass: 'ebook' }, {}),
        beside({ amount, taxClass: 'physical' }, { currency: 'USD', place: place('US', 'TX') }),
        beside({ amount }, { currency: 'CAD', place: place('CA', 'QC') }),
        beside({ amount, taxClass: 'ebook', taxBehavior: 'inclusive' }, {}),
      ])
        expect(both).toEqual(alone);
    }
  });

  it('is taken out per set of taxes', () => {
    const german = [
      line({ line: 's', taxBehavior: 'inclusive', amount: 11_900 }),
      line({ line: 'b', taxBehavior: 'inclusive', amount: 10_700, taxClass: 'ebook' }),
    ];
    expect(computeTax(taxRequest({ lines: german })).lines.map(({ tax }) => tax)).toEqual([1_900, 700]);
    const texan = [
      line({ line: 's', taxBehavior: 'inclusive', amount: 10_500 }),
      line({ line: 'p', taxBehavior: 'inclusive', amount: 10_625, taxClass: 'physical' }),
    ];
    const result = computeTax(taxRequest({ currency: 'USD', place: place('US', 'TX'), lines: texan }));
    expect(result.lines.map(({ tax }) => tax)).toEqual([500, 625]);
    expect(result.taxes).toEqual([
      { jurisdiction: 'US-TX', name: 'Sales tax', rate: '0.0625', base: 18_000, amount: 1_125 },
    ]);
  });

  it('works in currencies without and with three decimals', () => {
    expect(totals({ currency: 'JPY', place: place('JP'), lines: inclusive(1_100) })).toMatchObject({
      net: 1_000,
      tax: 100,
    });
    expect(totals({ currency: 'BHD', place: place('BH'), lines: inclusive(1_234) })).toMatchObject({
      net: 1_122,
      tax: 112,
    });
  });
});

describe('a business with a confirmed tax id', () => {
  it.each(['FR', 'GB', 'CH', 'NO', 'AU', 'NZ', 'SG', 'JP', 'KR', 'IN'])(
    'in %s accounts for the tax itself',
    (country) => {
      const result = computeTax(taxRequest({ ...business, place: place(country) }));
      expect(result).toMatchObject({ net: 10_000, tax: 0, gross: 10_000, taxes: [], reverseCharge: true });
      expect(result.notes.map(({ code }) => code)).toEqual(['reverse_charge']);
    },
  );

  it("pays the seller's own VAT at home", () => {
    expect(totals({ ...business, place: place('IE') })).toMatchObject({ tax: 2_300, reverseCharge: false });
  });

  it.each(['not_given', 'malformed', 'unknown', 'unavailable'] as const)(
    'that is %s instead pays like a consumer',
    (status) => {
      const result = computeTax(taxRequest({ ...business, businessTaxIdStatus: status }));
      expect(result).toMatchObject({ tax: 1_900, reverseCharge: false });
      expect(result.notes).toEqual([
        {
          code: 'business_tax_id_not_confirmed',
          jurisdiction: 'DE',
          text: `The business tax id is not confirmed (${status}): tax is charged`,
        },
      ]);
    },
  );

  it('does not turn a consumer into a business', () => {
    expect(totals({ businessTaxIdStatus: 'confirmed' })).toMatchObject({ tax: 1_900, reverseCharge: false });
  });

  it('leaves nothing to round together with a net price, which has no tax to share', () => {
    const halves = [line({ line: 'x', amount: 2 }), line({ line: 'i', taxBehavior: 'inclusive', amount: 2 })];
    expect(totals({ ...business, lines: halves })).toEqual({ net: 4, tax: 0, gross: 4, reverseCharge: true });
  });

  it('says "Reverse charge" once for all lines', () => {
    const lines = [line(), line({ line: '2' }), line({ line: '3', taxClass: 'ebook' })];
    expect(computeTax(taxRequest({ ...business, lines })).notes).toEqual([
      { code: 'reverse_charge', jurisdiction: 'DE', text: 'Reverse charge' },
    ]);
  });

  it('is charged where the law knows no reverse charge, and needs no note there or at home', () => {
    const unconfirmed = { ...business, businessTaxIdStatus: 'unknown' } as const;
    expect(computeTax(taxRequest({ ...business, place: place('MX') }))).toMatchObject({ tax: 1_600, notes: [] });
    expect(computeTax(taxRequest({ ...unconfirmed, place: place('MX') })).notes).toEqual([]);
    expect(computeTax(taxRequest({ ...unconfirmed, place: place('IE') })).notes).toEqual([]);
    expect(computeTax(taxRequest({ ...business, place: place('IE') })).notes).toEqual([]);
  });

  it('of one country outside the union proves nothing in another', () => {
    const evidence = [{ kind: 'business_tax_id', country: 'GB' }] as const;
    const swiss = computeTax(taxRequest({ ...business, place: { ...place('CH'), evidence } }));
    expect(swiss).toMatchObject({ tax: 810, reverseCharge: false, notes: [] });
    const british = { ...place('IM'), evidence };
    expect(totals({ ...business, place: british })).toMatchObject({ tax: 0, reverseCharge: true });
  });

  it('from outside the union proves nothing inside it', () => {
    const evidence = [
      { kind: 'billing_address', country: 'FR' },
      { kind: 'business_tax_id', country: 'GB' },
    ] as const;
    expect(totals({ ...business, place: { ...place('FR'), evidence } })).toMatchObject({
      tax: 2_000,
      reverseCharge: false,
    });
    const other = [evidence[0], { kind: 'business_tax_id', country: 'DE' }] as const;
    expect(totals({ ...business, place: { ...place('FR'), evidence: other } })).toMatchObject({ reverseCharge: true });
  });

  it('pays only the net of an inclusive price', () => {
    const lines = [line({ taxBehavior: 'inclusive', amount: 11_900 })];
    expect(totals({ ...business, lines })).toEqual({ net: 10_000, tax: 0, gross: 10_000, reverseCharge: true });
  });

  it('buys goods as an intra-Community supply, which is not a reverse charge', () => {
    const result = computeTax(taxRequest({ ...business, lines: [line({ taxClass: 'physical' })] }));
    expect(result).toMatchObject({ tax: 0, reverseCharge: false });
    expect(result.notes.map(({ code }) => code)).toEqual(['intra_community_supply']);
  });
});

describe('goods to Northern Ireland', () => {
  const goods = { place: place('GB', null, 'BT1 1AA'), lines: [line({ taxClass: 'physical' })], currency: 'GBP' };

  it('are taxed as inside the union, at the rate of the United Kingdom', () => {
    expect(computeTax(taxRequest(goods)).taxes).toEqual([
      { jurisdiction: 'XI', name: 'VAT', rate: '0.20', base: 10_000, amount: 2_000 },
    ]);
  });

  it('are an intra-Community supply to a business', () => {
    const evidence = [{ kind: 'business_tax_id', country: 'GB' }] as const;
    const result = computeTax(taxRequest({ ...goods, ...business, place: { ...goods.place, evidence } }));
    expect(result).toMatchObject({ tax: 0, reverseCharge: false });
    expect(result.notes).toEqual([
      { code: 'intra_community_supply', jurisdiction: 'XI', text: 'Intra-Community supply, exempt' },
    ]);
  });

  it('differ from services there and from goods to Great Britain', () => {
    const jurisdiction = (values: Partial<TaxRequest>) =>
      computeTax(taxRequest({ ...goods, ...values })).taxes[0]?.jurisdiction;
    expect(jurisdiction({ lines: [line()] })).toBe('GB');
    expect(jurisdiction({ place: place('GB', null, 'EC1A 1BB') })).toBe('GB');
    expect(jurisdiction({ place: place('GB') })).toBe('GB');
  });
});

describe('where no tax is due', () => {
  const lines = [line({ taxBehavior: 'inclusive', amount: 11_900 })];
  it.each([
    [place('ES', null, '35001'), 'not_taxed'],
    [place('HK'), 'not_taxed'],
    [place('US', 'OR'), 'not_taxed'],
    [place('US', 'SC'), 'not_registered'],
  ])('an inclusive price is the net: %j', (where, code) => {
    const result = computeTax(taxRequest({ place: where, lines }));
    expect(result).toMatchObject({ net: 11_900, tax: 0, gross: 11_900, taxes: [], reverseCharge: false });
    expect(result.notes.map((note) => note.code)).toEqual([code]);
  });
});

describe('the notes', () => {
  it('are told once each, in the order of the lines', () => {
    const lines = [
      line(),
      line({ line: '2' }),
      line({ line: '3', taxClass: 'streaming' }),
      line({ line: '4', taxClass: 'physical' }),
    ];
    const { notes } = computeTax(taxRequest({ currency: 'USD', place: place('US', 'CA'), lines }));
    expect(notes.map(({ code, text }) => `${code}: ${text}`)).toEqual([
      'not_taxed: CA does not tax saas sold to a consumer',
      'not_taxed: CA does not tax streaming sold to a consumer',
    ]);
    const nowhere = computeTax(taxRequest({ legalEntity: 'nobody', currency: 'CAD', place: place('CA', 'QC') }));
    expect(nowhere.notes.map(({ code, jurisdiction }) => [code, jurisdiction])).toEqual([
      ['not_registered', 'CA'],
      ['not_registered', 'CA-QC'],
    ]);
  });
});

describe('a zero rate', () => {
  it('stays visible as a tax of zero', () => {
    const result = computeTax(taxRequest({ place: place('GB'), lines: [line({ taxClass: 'ebook' })] }));
    expect(result.taxes).toEqual([{ jurisdiction: 'GB', name: 'VAT', rate: '0', base: 10_000, amount: 0 }]);
  });
});

describe('a request that cannot be', () => {
  it.each([
    ['a negative amount', { lines: [line({ amount: -1 })] }, 'money.amount_unsafe'],
    ['half a cent', { lines: [line({ amount: 0.5 })] }, 'money.amount_unsafe'],
    ['a currency that is none', { currency: 'EUX' }, 'money.currency_unknown'],
  ])('with %s fails', (_, values, code) => {
    expect.assertions(1);
    try {
      computeTax(taxRequest(values));
    } catch (error) {
      expect(isFailure(error) ? error.code : error).toBe(code);
    }
  });

  it('says which line is negative, and takes one that is zero', () => {
    const negative = { lines: [line(), line({ line: '2', amount: -5 })] };
    expect(() => computeTax(taxRequest(negative))).toThrow('line 2 is negative: -5');
    expect(totals({ lines: [line({ amount: 0 })] })).toEqual({ net: 0, tax: 0, gross: 0, reverseCharge: false });
  });

  it('with no lines at all is zero', () => {
    expect(totals({ lines: [] })).toEqual({ net: 0, tax: 0, gross: 0, reverseCharge: false });
  });
});
