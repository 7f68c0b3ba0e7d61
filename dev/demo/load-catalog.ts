import { readSampleCatalog, readSampleFile } from '../samples/read-samples.ts';
import type { WaybillApi } from '../system/waybill-api.ts';

/** Puts the sample catalogue through the API: files, then the products that name them, bundles, then their prices. */
export async function loadSampleCatalog(api: WaybillApi): Promise<void> {
  const { files, products, prices } = readSampleCatalog();
  await Promise.all(files.map((name) => api.put(`/files/${name}`, readSampleFile(name))));
  const all = Object.entries(products);
  for (const isBundle of [false, true])
    await Promise.all(
      all.filter(([, body]) => 'components' in body === isBundle).map(([id, body]) => api.put(`/products/${id}`, body)),
    );
  await Promise.all(Object.entries(prices).map(([id, body]) => api.put(`/prices/${id}`, body)));
}
