import type { System } from '../system/start-system.ts';

/** The standard digital order: one product with a licence key and a download, bought by a consumer. */
const product = {
  name: 'Pixel Studio',
  taxClass: 'software_download',
  delivery: [{ method: 'license' }, { method: 'download', file: 'bench-guide.txt' }],
};
const price = {
  product: 'bench_app',
  currency: 'EUR',
  taxBehavior: 'inclusive',
  scheme: { type: 'flat', amount: 4900 },
};

export async function loadCatalog({ api, apiKey }: System): Promise<void> {
  const put = async (path: string, body: string, type: string): Promise<void> => {
    const headers = { authorization: `Bearer ${apiKey}`, 'content-type': type };
    const answer = await fetch(`${api}/v1${path}`, { method: 'PUT', headers, body });
    if (!answer.ok) throw new Error(`PUT ${path} answered ${answer.status}: ${await answer.text()}`);
  };
  await put('/files/bench-guide.txt', 'A guide.', 'application/octet-stream');
  await put('/products/bench_app', JSON.stringify(product), 'application/json');
  await put('/prices/bench_app_eur', JSON.stringify(price), 'application/json');
}

/** Every order has a buyer of its own: one inbox with thousands of orders would rightly be sent to review. */
export function orderBody(round: number, index: number): object {
  return {
    currency: 'EUR',
    customer: {
      country: 'DE',
      email: `buyer-${round}-${index}@example.com`,
      name: `Buyer ${index}`,
      locale: 'de',
      ipCountry: 'DE',
      cardCountry: 'DE',
    },
    lines: [{ price: 'bench_app_eur', quantity: 1 }],
    payment: { method: 'card', token: 'tok_ok' },
  };
}

export function quoteBody(lines: number): object {
  return {
    currency: 'EUR',
    customer: { country: 'DE' },
    lines: Array.from({ length: lines }, (_, index) => ({ price: 'bench_app_eur', quantity: index + 1 })),
  };
}
