import { beforeEach, describe, expect, it } from '@jest/globals';
import { usageGraceMs } from '../../../domain/usage/usage-window.ts';
import { meterInputSchema } from '../../../services/usage/usage-schemas.ts';
import { correction, february, january, usageEvent, usageTerms, usageUnderTest } from './usage-under-test.ts';

const { db, service, terms, told, mood } = await usageUnderTest();
const inJanuary = '2027-01-20T00:00:00.000Z';
const inFebruary = '2027-02-20T00:00:00.000Z';
const atRenewal = new Date(Date.parse(january.end) + usageGraceMs).toISOString();

beforeEach(async () => {
  await Promise.all(
    ['usage_events', 'usage_statements', 'usage_alerts', 'meters'].map((name) => db.collection(name).deleteMany({})),
  );
  terms.clear();
  terms.set('sub_1', usageTerms('sub_1'));
  told.length = 0;
  mood.mailAway = false;
});

async function kinds(entries: Parameters<typeof service.record>[0], now = inJanuary): Promise<string[]> {
  const { answers } = await service.record(entries, now);
  return answers.map((answer) => (answer.kind === 'refused' ? answer.code : answer.kind));
}

async function quantityAt(at: string, meter = 'calls'): Promise<number | undefined> {
  const { meters } = await service.usageAt('sub_1', at);
  return meters.find((one) => one.meter === meter)?.quantity;
}

describe('recording usage', () => {
  it('counts an event once, however often it is sent', async () => {
    expect(await kinds([usageEvent('a')])).toEqual(['recorded']);
    expect(await kinds([usageEvent('a'), usageEvent('a')])).toEqual(['repeated', 'repeated']);
    expect(await quantityAt(inJanuary)).toBe(10);
  });

  it('counts an event once that is twice in one batch', async () => {
    expect(await kinds([usageEvent('a'), usageEvent('a')])).toEqual(['recorded', 'repeated']);
    expect(await quantityAt(inJanuary)).toBe(10);
  });

  it('refuses the same id with other content', async () => {
    await kinds([usageEvent('a')]);
    expect(await kinds([usageEvent('a', { quantity: 11 })])).toEqual(['usage.conflict']);
    expect(await quantityAt(inJanuary)).toBe(10);
  });

  it('keeps the ids of different subscriptions apart', async () => {
    terms.set('sub_2', usageTerms('sub_2'));
    expect(await kinds([usageEvent('a'), usageEvent('a', { subscription: 'sub_2' })])).toEqual([
      'recorded',
      'recorded',
    ]);
    expect(await quantityAt(inJanuary)).toBe(10);
  });

  it('answers every entry by itself, and takes what is right', async () => {
    expect(
      await kinds([
        usageEvent('ok'),
        usageEvent('nobody', { subscription: 'sub_9' }),
        usageEvent('unknown', { meter: 'gigabytes' }),
        usageEvent('negative', { quantity: -1 }),
        usageEvent('future', { at: '2027-01-21T00:00:00.000Z' }),
        usageEvent('early', { at: '2026-12-31T00:00:00.000Z' }),
        correction('none', 'missing', 5),
      ]),
    ).toEqual([
      'recorded',
      'usage.subscription_unknown',
      'usage.meter_unknown',
      'usage.quantity_invalid',
      'usage.time_invalid',
      'usage.time_invalid',
      'usage.event_unknown',
    ]);
    expect(await quantityAt(inJanuary)).toBe(10);
  });

  it('says of usage at a pause, after the end and of closed periods why it is refused', async () => {
    terms.set('sub_1', usageTerms('sub_1', { pause: { from: '2027-01-10T00:00:00.000Z', until: null } }));
    expect(await kinds([usageEvent('a')])).toEqual(['usage.paused']);
    terms.set('sub_1', usageTerms('sub_1', { endedAt: '2027-01-18T00:00:00.000Z' }));
    expect(await kinds([usageEvent('a')])).toEqual(['usage.subscription_ended']);
    terms.set('sub_1', usageTerms('sub_1'));
    expect(await kinds([usageEvent('a')], '2027-03-02T00:00:00.000Z')).toEqual(['usage.period_closed']);
  });

  it('answers a repeat as one even when its period has closed since', async () => {
    await kinds([usageEvent('a')]);
    expect(await kinds([usageEvent('a')], '2027-06-01T00:00:00.000Z')).toEqual(['repeated']);
  });
});

describe('correcting usage', () => {
  it('replaces the quantity of an event and keeps the old one on file', async () => {
    await kinds([usageEvent('a'), usageEvent('b')]);
    expect(await kinds([correction('fix', 'a', 3)])).toEqual(['recorded']);
    expect(await quantityAt(inJanuary)).toBe(13);
    expect(await db.collection('usage_events').findOne({ sentQuantity: 10, quantity: 3 })).toMatchObject({
      corrections: [{ id: 'fix', quantity: 3 }],
    });
  });

  it('takes an event back, and gives it back again', async () => {
    await kinds([usageEvent('a')]);
    await kinds([correction('undo', 'a', null)]);
    expect(await quantityAt(inJanuary)).toBe(0);
    await kinds([correction('redo', 'a', 7)]);
    expect(await quantityAt(inJanuary)).toBe(7);
  });

  it('counts once, and refuses the same id with another quantity', async () => {
    await kinds([usageEvent('a')]);
    expect(await kinds([correction('fix', 'a', 3), correction('fix', 'a', 3), correction('fix', 'a', 4)])).toEqual([
      'recorded',
      'repeated',
      'usage.conflict',
    ]);
    expect(await quantityAt(inJanuary)).toBe(3);
  });

  it('corrects an event of the same batch', async () => {
    expect(await kinds([correction('fix', 'a', 3), usageEvent('a')])).toEqual(['recorded', 'recorded']);
    expect(await quantityAt(inJanuary)).toBe(3);
  });

  it('is refused when nothing is billed by the meter any more', async () => {
    await kinds([usageEvent('a')]);
    terms.set('sub_1', usageTerms('sub_1', { meters: ['seats'] }));
    expect(await kinds([correction('fix', 'a', 4)])).toEqual(['usage.meter_unknown']);
  });

  it('is refused below zero and for closed periods', async () => {
    await kinds([usageEvent('a')]);
    expect(await kinds([correction('fix', 'a', -1)])).toEqual(['usage.quantity_invalid']);
    expect(await kinds([correction('fix', 'a', 1)], '2027-03-02T00:00:00.000Z')).toEqual(['usage.period_closed']);
  });
});

describe('a meter', () => {
  const readings = [
    usageEvent('1', { at: '2027-01-05T00:00:00.000Z', quantity: 4, value: 'ada' }),
    usageEvent('2', { at: '2027-01-07T00:00:00.000Z', quantity: 9, value: 'ben' }),
    usageEvent('3', { at: '2027-01-06T00:00:00.000Z', quantity: 2, value: 'ada' }),
    usageEvent('4', { at: '2027-01-08T00:00:00.000Z', quantity: 5, value: 'cleo' }),
  ];
  const plain = { unit: null, thresholds: [], cap: null };

  it.each([
    ['sum', 20],
    ['max', 9],
    ['last', 5],
    ['unique', 3],
  ] as const)('counts by %s', async (aggregation, quantity) => {
    await service.putMeter('calls', { ...plain, aggregation });
    await kinds(readings);
    expect(await quantityAt(inJanuary)).toBe(quantity);
  });

  it.each(['sum', 'max', 'last', 'unique'] as const)(
    'has nothing by %s where nothing was used',
    async (aggregation) => {
      await service.putMeter('calls', { ...plain, aggregation });
      expect(await quantityAt(inJanuary)).toBe(0);
    },
  );

  it('of different values needs one in every event, and keeps only its hash', async () => {
    await service.putMeter('calls', { ...plain, aggregation: 'unique' });
    expect(await kinds([usageEvent('a')])).toEqual(['usage.value_missing']);
    await kinds(readings);
    expect(JSON.stringify(await db.collection('usage_events').find().toArray())).not.toContain('cleo');
  });

  it('stays what it was once it counted', async () => {
    await kinds([usageEvent('a')]);
    await expect(service.putMeter('calls', { ...plain, aggregation: 'max' })).rejects.toMatchObject({
      code: 'usage.meter_fixed',
    });
    expect(await service.putMeter('calls', { ...plain, aggregation: 'sum', cap: 5 })).toMatchObject({ cap: 5 });
  });
});

describe('the usage of an allowance', () => {
  it('is what was used in the time that was paid for', async () => {
    await kinds([
      usageEvent('before', { at: '2027-01-09T23:59:59.999Z', quantity: 100 }),
      usageEvent('first', { at: '2027-01-10T00:00:00.000Z', quantity: 7 }),
      usageEvent('taken back', { at: '2027-01-11T00:00:00.000Z', quantity: 50 }),
      correction('undo', 'taken back', null),
    ]);
    const since = { start: '2027-01-10T00:00:00.000Z', end: january.end };
    expect(await service.usedBetween('sub_1', 'calls', since)).toBe(7);
    expect(await service.usedBetween('sub_1', 'never heard of', since)).toBe(0);
  });
});

describe('thresholds and caps', () => {
  const meter = meterInputSchema.parse({ unit: 'calls', thresholds: [15, 25], cap: 40 });

  it('are told once each', async () => {
    await service.putMeter('calls', meter);
    expect((await service.record([usageEvent('a')], inJanuary)).alerted).toEqual([]);
    expect((await service.record([usageEvent('b', { quantity: 20 })], inJanuary)).alerted).toEqual(['sub_1']);
    await kinds([usageEvent('b', { quantity: 20 }), usageEvent('c', { quantity: 11 })]);
    expect(told.map(({ level, quantity }) => [level, quantity])).toEqual([
      [15, 30],
      [25, 30],
      [40, 41],
    ]);
    expect((await service.usageAt('sub_1', inJanuary)).meters[0]).toMatchObject({
      quantity: 41,
      billable: 40,
      alerts: [{ level: 15 }, { level: 25 }, { level: 40 }],
    });
  });

  it('begin anew with a period', async () => {
    await service.putMeter('calls', meter);
    await kinds([usageEvent('a', { quantity: 20 })]);
    await kinds([usageEvent('b', { quantity: 20, at: inFebruary })], inFebruary);
    expect(told.map(({ period }) => period)).toEqual([january, february]);
  });

  it('are told by the next event when they could not be told before', async () => {
    await service.putMeter('calls', meter);
    mood.mailAway = true;
    await expect(service.record([usageEvent('a', { quantity: 20 })], inJanuary)).rejects.toThrow('written down');
    mood.mailAway = false;
    expect(await kinds([usageEvent('a', { quantity: 20 })])).toEqual(['repeated']);
    expect(told.map(({ level }) => level)).toEqual([15]);
  });
});

describe('billing usage', () => {
  const scheme = { type: 'per_unit', amount: 2 } as const;
  const item = { item: '1', meter: 'calls', price: 'price_1', scheme };
  const bill = (period: typeof january, at: string, items: Parameters<typeof service.bill>[0]['items'] = [item]) =>
    service.bill({ subscriptionId: 'sub_1', period, items, at });

  it('bills what was used in the period, half-open', async () => {
    await kinds([usageEvent('a', { at: january.start }), usageEvent('b'), usageEvent('c')]);
    await kinds([usageEvent('d', { at: january.end, quantity: 1_000 })], atRenewal);
    expect(await bill(january, atRenewal)).toEqual([{ ...item, period: january, quantity: 30, billedBefore: 0 }]);
  });

  it('bills the same when it is asked again, whatever came meanwhile', async () => {
    await kinds([usageEvent('a')]);
    const first = await bill(january, atRenewal);
    expect(await kinds([usageEvent('late')], atRenewal)).toEqual(['recorded']);
    expect(await bill(january, inFebruary)).toEqual(first);
  });

  it('bills what came within the grace with its own period, and what came later with the next', async () => {
    await kinds([usageEvent('a')]);
    await kinds([usageEvent('grace', { quantity: 5 })], new Date(Date.parse(january.end) + 60_000).toISOString());
    expect((await bill(january, atRenewal)).map(({ quantity }) => quantity)).toEqual([15]);
    const { answers } = await service.record([usageEvent('late', { quantity: 7 })], inFebruary);
    expect(answers).toEqual([{ kind: 'recorded', id: 'late', period: january, late: true }]);
    await kinds([usageEvent('own', { quantity: 100, at: inFebruary })], inFebruary);
    expect(await bill(february, '2027-03-01T11:00:00.000Z')).toEqual([
      { ...item, period: january, quantity: 22, billedBefore: 15 },
      { ...item, period: february, quantity: 100, billedBefore: 0 },
    ]);
  });

  it('says what was taken back after it was billed', async () => {
    await kinds([usageEvent('a'), usageEvent('b')]);
    await bill(january, atRenewal);
    await kinds([correction('undo', 'a', null)], inFebruary);
    expect(await bill(february, '2027-03-01T11:00:00.000Z')).toEqual([
      { ...item, period: january, quantity: 10, billedBefore: 20 },
    ]);
  });

  it('rates what comes late at the terms that its own period had', async () => {
    await kinds([usageEvent('a')]);
    await bill(january, atRenewal);
    await kinds([usageEvent('late', { quantity: 7 })], inFebruary);
    const dearer = { ...item, price: 'price_2', scheme: { ...scheme, amount: 3 } };
    expect(await bill(february, '2027-03-01T11:00:00.000Z', [dearer])).toEqual([
      { ...item, period: january, quantity: 17, billedBefore: 10 },
    ]);
  });

  it('takes a statement from before terms were written down at the terms of now', async () => {
    await kinds([usageEvent('a')]);
    await bill(january, atRenewal);
    const unset = { $unset: { 'lines.0.item': '', 'lines.0.scheme': '' } };
    await db.collection('usage_statements').updateMany({}, unset);
    await kinds([correction('undo', 'a', 4)], inFebruary);
    expect(await bill(february, '2027-03-01T11:00:00.000Z')).toEqual([
      { ...item, period: january, quantity: 4, billedBefore: 10 },
    ]);
  });

  it('bills up to the cap, and late usage up to it too', async () => {
    await service.putMeter('calls', { aggregation: 'sum', unit: null, thresholds: [], cap: 12 });
    await kinds([usageEvent('a')]);
    expect((await bill(january, atRenewal)).map(({ quantity }) => quantity)).toEqual([10]);
    await kinds([usageEvent('late')], inFebruary);
    expect(await bill(february, '2027-03-01T11:00:00.000Z')).toEqual([
      { ...item, period: january, quantity: 12, billedBefore: 10 },
    ]);
  });

  it('has nothing to bill where nothing was used', async () => {
    expect(await bill(january, atRenewal)).toEqual([]);
  });

  it('gives everybody the same statement who asks at the same moment', async () => {
    await kinds([usageEvent('a')]);
    const asked = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        await service.record([usageEvent(`race_${index}`)], atRenewal);
        return bill(january, atRenewal);
      }),
    );
    expect(new Set(asked.map(([line]) => line?.quantity)).size).toBe(1);
  });
});
