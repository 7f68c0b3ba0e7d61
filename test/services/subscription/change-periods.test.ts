import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: where a period is a part of a whole one, or is over, a change costs the time that it is for: no more and no less.
// Method: the real services on a real database, the sandbox's acquirers over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
/** When every order is placed: 9 days and 13 hours before Berlin's December, of 30 days. */
const ordered = '2026-11-21T10:00:00.000Z';
const fiveDaysLeft = '2026-11-25T23:00:00.000Z';
const december = '2026-11-30T23:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('aligned', 3_100, {}, { align: 'calendar' });
  await shop.sellRecurring('aligned_large', 6_200, {}, { align: 'calendar' });
  await shop.sellRecurring('aligned_year', 36_500, {}, { interval: 'year', align: 'calendar' });
  await shop.sellRecurring('small', 1_000);
  await shop.sellRecurring('yearly', 9_000, {}, { interval: 'year' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const aligned = () => shop.subscribe([{ price: 'aligned', quantity: 1 }], { at: ordered });
const grossOfBills = async (id: string) => (await shop.bills(id)).map(({ quote }) => quote?.gross);

describe('in the first part of a calendar month', () => {
  it('a change costs what is left of a whole month, not of the part', async () => {
    const { id } = await aligned();
    const change = now({ price: 'aligned_large' });
    const preview = await shop.preview(id, change, fiveDaysLeft);
    // 986 for 229 hours, of which 120 are left; 6200 for 720.
    expect(preview).toMatchObject({ credit: 517, quote: { gross: 1_033 }, charge: 516 });
    await shop.command(id, { kind: 'change', change, preview: preview.id }, fiveDaysLeft);
    await shop.run(id, '2026-12-02T00:00:00.000Z');
    expect(await grossOfBills(id)).toEqual([1_033, 6_200]);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('another interval costs its part until the calendar goes on', async () => {
    const { id } = await aligned();
    const change = now({ price: 'aligned_year' });
    const preview = await shop.preview(id, change, fiveDaysLeft);
    // 5 of 365 days.
    expect(preview).toMatchObject({ credit: 517, quote: { gross: 500 }, charge: 0, creditLeft: 17 });
    await shop.command(id, { kind: 'change', change, preview: preview.id }, fiveDaysLeft);
    expect(await shop.records.require(id)).toMatchObject({ period: { index: 1, start: fiveDaysLeft, end: december } });
    await shop.run(id, '2026-12-02T00:00:00.000Z');
    expect(await grossOfBills(id)).toEqual([500, 36_500]);
  });
});

describe('the resume of what follows the calendar', () => {
  const fiveOfDecember = '2026-12-26T23:00:00.000Z';

  it.each([
    ['when somebody asks for it', null],
    ['when the pause is over', fiveOfDecember],
  ])('costs the part of the month that is left, %s', async (_name, until) => {
    const { id } = await aligned();
    await shop.command(id, { kind: 'pause', from: 'period_end', until }, fiveDaysLeft);
    await shop.run(id, fiveOfDecember);
    if (until === null) await shop.command(id, { kind: 'resume' }, fiveOfDecember);
    await shop.run(id, '2027-01-02T00:00:00.000Z');
    // 5 of 31 days.
    expect(await grossOfBills(id)).toEqual([500, 3_100]);
  });
});

describe('another interval after the end of a period that nobody has renewed yet', () => {
  it('begins where that ended: the time between is not given away', async () => {
    const { id, period } = await shop.subscribe([{ price: 'small', quantity: 1 }], { at: '2026-04-01T09:00:00.000Z' });
    const late = '2026-05-03T09:00:00.000Z';
    const preview = await shop.preview(id, now({ price: 'yearly' }), late);
    expect(preview).toMatchObject({ credit: 0, charge: 9_000 });
    await shop.command(id, { kind: 'change', change: now({ price: 'yearly' }), preview: preview.id }, late);
    const [bill] = await shop.bills(id);
    const next = { periodStart: period.end, periodEnd: '2027-05-01T09:00:00.000Z' };
    expect(bill).toMatchObject({ quote: { gross: 9_000 }, billing: next });
    expect(await shop.records.require(id)).toMatchObject({
      period: { index: 1, start: period.end, end: '2027-05-01T09:00:00.000Z' },
      paidLines: [{ start: period.end, replacedAt: null }],
    });
  });
});
