import { afterAll, describe, expect, it } from '@jest/globals';
import { databaseOfThisFile, openTestDatabase } from '../../support/mongo.ts';
import { buyer, openPage, tokenIn } from './page-under-test.ts';

const db = await databaseOfThisFile();
const page = await openPage(db);
afterAll(() => page.close());

const form = { name: 'Ada Example', orderNumber: buyer.number, email: buyer.email };
const statements = () => db.collection('withdrawals').countDocuments();

async function confirmed(changes: Partial<typeof form> = {}) {
  const second = await page.post('/withdraw', { ...form, ...changes });
  const answer = await page.post('/withdraw/confirm', { token: tokenIn(await second.text()) });
  return { status: answer.status, html: await answer.text() };
}

describe('the withdrawal page', () => {
  it('needs no key, no account, no script and no foreign source, and cannot be framed', async () => {
    const answer = await page.get('/withdraw');
    expect(answer.status).toBe(200);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toBe(
      "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const html = await answer.text();
    expect(html).not.toMatch(/<script|style="|https?:\/\//);
    expect((await page.get('/withdraw/style.css')).headers.get('content-type')).toContain('text/css');
  });

  it.each([
    ['', {}, 'en'],
    ['', { 'accept-language': 'de-AT,de;q=0.9,en;q=0.8' }, 'de'],
    ['', { 'accept-language': 'fr, en;q=0.3, de;q=0.7' }, 'de'],
    ['', { 'accept-language': 'fr-FR, en;q=0.5, de;q=0' }, 'en'],
    ['?lang=de', { 'accept-language': 'en' }, 'de'],
    ['?lang=en', { 'accept-language': 'de' }, 'en'],
    ['?lang=xx', { 'accept-language': 'de' }, 'de'],
  ])('with "%s" and %j speaks %s', async (query, headers, locale) => {
    const html = await (await page.get(`/withdraw${query}`, headers)).text();
    expect(html).toContain(`<html lang="${locale}">`);
    expect(html).toContain(locale === 'de' ? 'Vertrag widerrufen' : 'Withdraw from contract here');
  });

  it('takes the number of the order from the link of a mail', async () => {
    expect(await (await page.get(`/withdraw?order=${buyer.number}`)).text()).toContain(`value="${buyer.number}"`);
  });

  it('asks for confirmation in a second step and makes no statement before it', async () => {
    const before = await statements();
    const answer = await page.post('/withdraw', { ...form, lang: 'de' });
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain('Widerruf bestätigen');
    for (const part of [form.name, form.orderNumber, form.email]) expect(html).toContain(part);
    expect(await statements()).toBe(before);
  });

  it('can go back from the second step with what was typed', async () => {
    const token = tokenIn(await (await page.post('/withdraw', form)).text());
    const html = await (await page.post('/withdraw/change', { token })).text();
    for (const value of Object.values(form)) expect(html).toContain(`value="${value}"`);
  });

  it('shows content, date and time of the statement, and acknowledges it at the address of the order', async () => {
    const { status, html } = await confirmed();
    const id = /wdr_[0-9A-Z]{16}/.exec(html)?.[0] ?? '';
    expect(status).toBe(200);
    for (const part of ['has been received', form.orderNumber, form.name, ' UTC']) expect(html).toContain(part);
    await page.settled();
    expect(await db.collection<{ _id: string }>('withdrawals').findOne({ _id: id })).toMatchObject({
      ...form,
      status: 'refund_requested',
    });
    expect(page.shop.mails.filter(({ text }) => text.includes(id)).map(({ to }) => to)).toEqual([buyer.email]);
  });

  it('makes one statement of a second step that is sent three times, at the moment of the first', async () => {
    const before = await statements();
    const token = tokenIn(await (await page.post('/withdraw', form)).text());
    const answers = [];
    for (let time = 0; time < 3; time += 1) {
      answers.push(await (await page.post('/withdraw/confirm', { token })).text());
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    expect(new Set(answers).size).toBe(1);
    expect(await statements()).toBe(before + 1);
  });

  it('answers the same for an order of ours, for a wrong address and for a number that does not exist', async () => {
    const cases = [{}, { email: 'eve@example.com' }, { orderNumber: '0000-1111-2222-3333' }];
    const pages = [];
    for (const one of cases) {
      const { status, html } = await confirmed(one);
      pages.push(
        `${status} ${html}`
          .replace(/wdr_[0-9A-Z]{16}/g, 'ID')
          .replace(/\d+ \w+ \d{4} at \d\d:\d\d/g, 'TIME')
          .replaceAll(one.email ?? form.email, 'EMAIL')
          .replaceAll(one.orderNumber ?? form.orderNumber, 'NUMBER'),
      );
    }
    expect(new Set(pages).size).toBe(1);
    await page.settled();
    expect(page.shop.mails.filter(({ to }) => to !== buyer.email)).toEqual([]);
  });

  it('takes as long for an order of ours as for none: nothing is looked up before the answer', async () => {
    const time = async (changes: Partial<typeof form>): Promise<number> => {
      const token = tokenIn(await (await page.post('/withdraw', { ...form, ...changes })).text());
      const started = performance.now();
      await page.post('/withdraw/confirm', { token });
      const took = performance.now() - started;
      await page.settled();
      return took;
    };
    const known: number[] = [];
    const unknown: number[] = [];
    for (let round = 0; round < 15; round += 1) {
      known.push(await time({}));
      unknown.push(await time({ orderNumber: '0000-1111-2222-3333' }));
    }
    const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
    // Far apart would be the milliseconds that a look-up, a mail and a refund take; on a busy machine medians differ.
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(25);
  });
});

describe('what cannot be accepted', () => {
  it.each([
    ['nothing', {}, ['name', 'orderNumber', 'email']],
    ['an address without a host', { ...form, email: 'ada@' }, ['email']],
    ['a number with other signs', { ...form, orderNumber: '7F3K/92QX' }, ['orderNumber']],
    ['a link for a name', { ...form, name: 'win at https://evil.example' }, ['name']],
    ['a card number', { ...form, orderNumber: '4242 4242 4242 4242' }, ['orderNumber']],
  ])('%s is said at the field and at the top, with what was typed', async (_name, sent, fields) => {
    const answer = await page.post('/withdraw', sent);
    const html = await answer.text();
    expect(answer.status).toBe(422);
    for (const field of fields) {
      expect(html).toContain(`href="#${field}"`);
      expect(html).toContain(`id="${field}-error"`);
    }
    expect([...html.matchAll(/aria-invalid="true"/g)]).toHaveLength(fields.length);
  });

  it('is never repeated as markup', async () => {
    const answer = await page.post('/withdraw', { ...form, orderNumber: '"><script>alert(1)</script>' });
    expect(await answer.text()).not.toContain('<script>');
  });

  it('is a confirmation that we did not seal, and one that comes hours later', async () => {
    const before = await statements();
    const token = tokenIn(await (await page.post('/withdraw', { ...form, lang: 'de' })).text());
    const forged = await page.post('/withdraw/confirm', { token: `${token.slice(0, -4)}AAAA` });
    expect(forged.status).toBe(422);
    page.clock.now = () => new Date(Date.now() + 3 * 3_600_000).toISOString();
    const late = await page.post('/withdraw/confirm', { token });
    page.clock.now = () => new Date().toISOString();
    expect(late.status).toBe(422);
    expect(await late.text()).toContain('nothing was sent');
    expect(await statements()).toBe(before);
  });

  it('is a form that another site sends', async () => {
    const answer = await page.post('/withdraw', form, { 'sec-fetch-site': 'cross-site' });
    expect(answer.status).toBe(403);
    expect(await answer.text()).toContain('can only be sent from this page');
  });

  it.each([
    ['JSON', { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }, 415],
    ['a book', { method: 'POST', body: new URLSearchParams({ name: 'a'.repeat(20_000) }) }, 413],
  ])('is %s, and the answer is still a page', async (_name, request, status) => {
    const answer = await fetch(`${page.api.url}/withdraw`, request);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('text/html');
  });

  it('leaves nothing of a customer in the log', () => {
    for (const personal of [form.name, form.email, form.orderNumber]) expect(page.api.logged()).not.toContain(personal);
  });
});

describe('support', () => {
  it('lists what fits no order, with an API key only', async () => {
    await confirmed({ email: 'typo@example.com' });
    await page.settled();
    const url = '/v1/withdrawals?status=unmatched';
    const answer = await page.api.call({ url });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toContainEqual(
      expect.objectContaining({ ...form, email: 'typo@example.com', status: 'unmatched', order: null, refund: null }),
    );
    expect((await page.api.call({ url, headers: { authorization: null } })).statusCode).toBe(401);
    expect((await page.api.call({ url: '/v1/withdrawals?status=lost' })).statusCode).toBe(400);
  });
});

describe('who tries too often', () => {
  it('is asked to wait, in a page', async () => {
    const other = await openTestDatabase();
    const limited = await openPage(other.db, { withdrawalsPerMinute: 3 });
    try {
      const answers = [];
      for (let time = 0; time < 5; time += 1) answers.push(await limited.get('/withdraw?lang=de'));
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429, 429]);
      expect(await answers.at(-1)?.text()).toContain('Bitte warten Sie eine Minute');
      expect(answers.at(-1)?.headers.get('retry-after')).not.toBeNull();
    } finally {
      await limited.close();
      await other.close();
    }
  });
});
