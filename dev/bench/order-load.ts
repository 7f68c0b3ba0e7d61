import type { System } from '../system/start-system.ts';
import { createWaybillApi } from '../system/waybill-api.ts';

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

export async function loadCatalog(system: System): Promise<void> {
  const api = createWaybillApi(system);
  await api.put('/files/bench-guide.txt', Buffer.from('A guide.'));
  await api.put('/products/bench_app', product);
  await api.put('/prices/bench_app_eur', price);
  await api.put('/prices/bench_app_monthly', { ...price, recurring: { interval: 'month', count: 1 } });
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

/** A monthly licence, bought once; the wave of renewals is copies of it. */
export function subscriptionOrderBody(): object {
  return {
    ...orderBody(0, 0),
    customer: {
      ...{ id: 'cus_bench_template', email: 'bench-template@example.com', name: 'Bench Template', locale: 'de' },
      ...{ country: 'DE', ipCountry: 'DE', cardCountry: 'DE' },
    },
    lines: [{ price: 'bench_app_monthly', quantity: 1 }],
  };
}
