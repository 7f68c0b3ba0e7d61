import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import { exchangeRatesCollection } from '../../services/exchange-rates/exchange-rate-store.ts';
import { exchangeRateImportScheduleId } from '../../workflows/exchange-rate-import/exchange-rate-import.contract.ts';

const patienceMs = 20_000;

interface RatesHome {
  readonly mongodb: { readonly uri: string; readonly database: string };
  readonly temporal: { readonly address: string; readonly namespace: string };
}

/** Waits until exchange rates are on file. A new schedule runs at once; one that another database knows is triggered. */
export async function awaitRates({ mongodb, temporal }: RatesHome): Promise<void> {
  const client = await MongoClient.connect(mongodb.uri);
  const until = Date.now() + patienceMs;
  try {
    const rates = client.db(mongodb.database).collection(exchangeRatesCollection.name);
    if ((await rates.findOne({})) !== null) return;
    await triggerImport(temporal);
    while ((await rates.findOne({})) === null) {
      if (Date.now() > until) throw new Error(`no exchange rates are on file after ${patienceMs / 1000} s`);
      await delay(100);
    }
  } finally {
    await client.close();
  }
}

async function triggerImport({ address, namespace }: RatesHome['temporal']): Promise<void> {
  const connection = await Connection.connect({ address });
  try {
    await new Client({ connection, namespace }).schedule.getHandle(exchangeRateImportScheduleId).trigger();
  } finally {
    await connection.close();
  }
}
