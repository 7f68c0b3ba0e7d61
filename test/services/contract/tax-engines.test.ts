import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { isFailure } from '../../../domain/failures.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import type { TaxRequest } from '../../../domain/tax/tax-request.ts';
import { createTaxEngine, taxEngineIds } from '../../../services/tax/tax-engine-registry.ts';
import type { TaxEngine } from '../../../services/tax/tax-engine.ts';
import { taxRequest } from '../../domain/tax/place.ts';
import { describeTaxEngine } from './tax-engine.contract.ts';

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Somebody else's engine: it speaks the port over HTTP, and happens to know our tables. */
function answerFromTables(body: string): Answer {
  try {
    const request = JSON.parse(body) as TaxRequest;
    return { status: 200, body: JSON.stringify(computeTax(request)) };
  } catch (error) {
    if (!isFailure(error)) throw error;
    return { status: 422, body: JSON.stringify({ code: error.code, detail: error.message }) };
  }
}

async function serve(answer: (body: string) => Answer) {
  const seen: { url: string | undefined; authorization: string | undefined }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    seen.push({ url: request.url, authorization: request.headers.authorization });
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { status, body } = answer(Buffer.concat(chunks).toString());
      response.writeHead(status, { 'content-type': 'application/json' }).end(body);
    });
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    seen,
    close: () => new Promise<void>((closed) => server.close(() => closed())),
  };
}

const remote = (baseUrl: string): TaxEngine =>
  createTaxEngine({ id: 'remote', baseUrl, apiKey: 'engine_key', timeoutMs: 2_000 });

// Every registered engine, so that a new one cannot be forgotten here.
for (const id of taxEngineIds) {
  describeTaxEngine(id, async () => {
    if (id === 'tables') {
      const engine = createTaxEngine({ id, baseUrl: null, apiKey: null, timeoutMs: 1 });
      return { engine, close: () => Promise.resolve() };
    }
    const server = await serve(answerFromTables);
    return { engine: remote(server.baseUrl), close: server.close };
  });
}

describe('an engine behind HTTP', () => {
  let close: () => Promise<void> = () => Promise.resolve();
  afterEach(() => close());
  const engineThatAnswers = async (status: number, body: string) => {
    const server = await serve(() => ({ status, body }));
    close = server.close;
    return { ...server, engine: remote(`${server.baseUrl}/`) };
  };
  const sound = computeTax(taxRequest());

  it('is asked at /compute-tax with its key', async () => {
    const { engine, seen } = await engineThatAnswers(200, JSON.stringify(sound));
    expect(await engine.computeTax(taxRequest())).toEqual(sound);
    expect(seen).toEqual([{ url: '/compute-tax', authorization: 'Bearer engine_key' }]);
  });

  it.each([
    ['text', 200, 'not JSON'],
    ['another shape', 200, '{"tax":1}'],
    ['sums that do not hold', 200, JSON.stringify({ ...sound, tax: sound.tax + 1 })],
    ['a refusal of its own', 422, '{"code":"teapot","detail":"no"}'],
    ['a refusal without a reason', 422, '{"code":"tax.data_missing"}'],
  ])('is not believed when it answers %s', async (_, status, body) => {
    const { engine } = await engineThatAnswers(status, body);
    await expect(engine.computeTax(taxRequest())).rejects.toMatchObject({ code: 'tax.engine_answer_invalid' });
  });

  it.each([500, 401, 404])('is unavailable when it answers %i', async (status) => {
    const { engine } = await engineThatAnswers(status, '{}');
    await expect(engine.computeTax(taxRequest())).rejects.toMatchObject({
      code: 'tax.engine_unavailable',
      message: `status ${status}`,
    });
  });

  it('is unavailable when nobody listens', async () => {
    const answer = remote('http://127.0.0.1:1').computeTax(taxRequest());
    await expect(answer).rejects.toMatchObject({ code: 'tax.engine_unavailable' });
  });

  it('does not start without its address', () => {
    expect(() => createTaxEngine({ id: 'remote', baseUrl: null, apiKey: null, timeoutMs: 1 })).toThrow(/baseUrl/);
  });
});
