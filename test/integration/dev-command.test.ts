import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { startChild } from '../../dev/stack/child-process.ts';
import type { Child } from '../../dev/stack/child-process.ts';
import { callJson } from '../../dev/system/json-call.ts';
import { createPartnerWorld } from '../../dev/system/partner-world.ts';
import { createWaybillApi } from '../../dev/system/waybill-api.ts';
import { journeyMs, systemStartMs } from '../support/system.ts';

// Goal: whoever reads the outside contract can use what `npm run dev -- --json` starts. Method: the npm script itself as a
// child process, known only by the line that it prints, and its HTTP API.

const root = fileURLToPath(new URL('../../', import.meta.url));
const url = z.url({ protocol: /^http$/ });
const readyLine = z.strictObject({
  ready: z.literal(true),
  api: url,
  apiKey: z.string().min(16),
  temporal: z.string().regex(/^[\w.]+:\d+$/),
  temporalUi: url,
  sandbox: url,
  inbox: url,
  mongodb: z.string().startsWith('mongodb://'),
});

const file = new TextEncoder().encode('#!/bin/sh\necho "Ā file, byte for byte"\n');
const product = {
  name: 'Field Notes',
  taxClass: 'software_download',
  delivery: [{ method: 'license' }, { method: 'download', file: 'field-notes.sh' }],
};
const price = {
  product: 'field-notes',
  currency: 'EUR',
  taxBehavior: 'inclusive',
  scheme: { type: 'per_unit', amount: 4900 },
};
const basket = {
  currency: 'EUR',
  customer: { country: 'DE', ipCountry: 'DE' },
  lines: [{ price: 'field-notes-eur', quantity: 2 }],
};
const order = (token: string, method = 'card') => ({
  ...basket,
  customer: { ...basket.customer, email: `${token}@contract.example`, name: 'Casey Contract' },
  payment: { method, token },
});

describe('npm run dev -- --json', () => {
  const printed: string[] = [];
  let child: Child | undefined;
  let ready: z.output<typeof readyLine>;

  beforeAll(async () => {
    const { scripts } = z
      .object({ scripts: z.object({ dev: z.string() }) })
      .parse(JSON.parse(await readFile(`${root}package.json`, 'utf8')));
    const [program = '', ...args] = scripts.dev.split(' ');
    // Servers of its own, as on a laptop: the ones of the test run are named in the environment.
    const env = { ...process.env, MONGODB_URI: '', TEMPORAL_ADDRESS: '' };
    const line = await new Promise<string>((resolve, reject) => {
      child = startChild(program, [...args, '--json'], {
        cwd: root,
        env,
        onLine: (text) => {
          printed.push(text);
          resolve(text);
        },
      });
      void child.ended.then(() => reject(new Error(`it ended before it was ready\n${child?.tail() ?? ''}`)));
    });
    ready = readyLine.parse(JSON.parse(line));
  }, systemStartMs);

  afterAll(async () => {
    await child?.stop();
  }, journeyMs);

  const api = () => createWaybillApi(ready);

  it('is alive and describes itself without a key', async () => {
    expect(await callJson(`${ready.api}/healthz`)).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await callJson(`${ready.api}/readyz`)).toMatchObject({
      status: 200,
      body: { status: 'ok', mongo: 'ok', temporal: 'ok' },
    });
    const described = await callJson(`${ready.api}/openapi.json`);
    expect(described).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\.1/) } });
    const { paths } = z.object({ paths: z.record(z.string(), z.unknown()) }).parse(described.body);
    expect(Object.keys(paths)).toEqual(expect.arrayContaining(['/v1/quotes', '/v1/orders', '/v1/orders/{id}/cancel']));
    expect((await fetch(ready.temporalUi)).status).toBe(200);
    expect(await callJson(`${ready.api}/v1/orders`)).toMatchObject({ status: 401 });
  });

  it('takes a file, a product that delivers it, and its price', async () => {
    const stored = await api().call('/files/field-notes.sh', { method: 'PUT', body: file });
    expect(stored).toMatchObject({ status: 200, body: { name: 'field-notes.sh', size: file.length } });
    expect((await api().call('/products/field-notes', { method: 'PUT', body: product })).status).toBe(200);
    expect((await api().call('/prices/field-notes-eur', { method: 'PUT', body: price })).status).toBe(200);
  });

  it('quotes in plain integers', async () => {
    const quote = { currency: 'EUR', gross: 9800, tax: 1565, net: 8235, discount: 0, reverseCharge: false };
    expect(await api().post('/quotes', basket)).toMatchObject({ status: 200, body: quote });
  });

  it(
    'sells, delivers and writes the invoice',
    async () => {
      const { id, status } = await api().place(order('tok_ok'), 'contract-ok');
      expect(status).toBe('received');
      const done = await api().untilOrder(id, 'is completed', (one) => one.status === 'completed');
      expect(done).toMatchObject({ amounts: { gross: 9800 }, payment: { status: 'captured' }, refundStatus: 'none' });
      const licences = done.deliveries.find(({ method }) => method === 'license')?.details.licenseKeys;
      expect(licences).toHaveLength(2);
      const link = done.deliveries.find(({ method }) => method === 'download')?.details.link ?? '';
      expect(new Uint8Array(await (await fetch(link)).arrayBuffer())).toEqual(file);
      expect(await api().invoice(done.invoice?.id ?? '')).toMatchObject({ gross: 9800, currency: 'EUR' });
    },
    journeyMs,
  );

  it(
    'leaves exactly one capture at the acquirers when the answer to the charge was lost',
    async () => {
      const { id } = await api().place(order('tok_lost_ok'), 'contract-lost');
      await api().untilOrder(id, 'is completed', ({ status }) => status === 'completed');
      const payments = await createPartnerWorld(ready).payments(id);
      expect(payments.filter(({ captured }) => captured > 0)).toMatchObject([{ captured: 9800, refunded: 0 }]);
    },
    journeyMs,
  );

  it(
    'cancels what is not paid yet',
    async () => {
      const { id } = await api().place(order('tok_voucher', 'voucher'), 'contract-cancel');
      await api().untilOrder(id, 'waits for its payment', ({ status }) => status === 'awaiting_payment');
      expect(await api().post(`/orders/${id}/cancel`, {})).toMatchObject({ status: 200 });
      expect((await api().order(id)).status).toBe('cancelled');
      expect((await createPartnerWorld(ready).payments(id)).map(({ captured }) => captured)).toEqual([0]);
    },
    journeyMs,
  );

  it('keeps books that balance per currency', async () => {
    const rows = await api().balances();
    expect(rows.flatMap((row) => ('sum' in row ? [row] : []))).toEqual([{ currency: 'EUR', sum: 0 }]);
    expect(rows.length).toBeGreaterThan(3);
  });

  it('prints nothing else on stdout', () => {
    expect(printed).toHaveLength(1);
  });
});
