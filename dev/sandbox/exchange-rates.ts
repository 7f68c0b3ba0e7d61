import type { FastifyInstance, FastifyReply } from 'fastify';
import type { PartnerDeps } from './partner-api.ts';
import { guardPartner } from './partner-api.ts';

/**
 * SANDBOX RATES: invented, nobody ever published them. Per euro, in the last decimal that is served, so that integers do.
 * A day's rate is the middle moved by at most two percent, drawn from currency and date: the same in every process.
 */
const middles: readonly (readonly [currency: string, lastDecimals: number, decimals: number])[] = [
  ['USD', 11_000, 4],
  ['JPY', 16_000, 2],
  ['GBP', 85_000, 5],
  ['CHF', 9_500, 4],
  ['CAD', 15_500, 4],
  ['AUD', 17_000, 4],
  ['NZD', 18_500, 4],
  ['SEK', 111_000, 4],
  ['NOK', 117_000, 4],
  ['DKK', 74_500, 4],
  ['ISK', 14_500, 2],
  ['PLN', 42_500, 4],
  ['CZK', 24_500, 3],
  ['HUF', 39_000, 2],
  ['RON', 50_000, 4],
  ['TRY', 460_000, 4],
  ['BRL', 62_000, 4],
  ['MXN', 205_000, 4],
  ['CNY', 79_000, 4],
  ['HKD', 86_000, 4],
  ['INR', 960_000, 4],
  ['IDR', 1_800_000, 2],
  ['ILS', 40_000, 4],
  ['KRW', 155_000, 2],
  ['MYR', 48_000, 4],
  ['PHP', 63_000, 3],
  ['SGD', 14_500, 4],
  ['THB', 37_000, 3],
  ['ZAR', 200_000, 4],
];

const historyDays = 90;

/** The two files of the European Central Bank, in its format: public, on working days up to and including today. */
export function registerExchangeRates(app: FastifyInstance, deps: PartnerDeps): void {
  guardPartner(app, 'exchange_rates', { ...deps, apiKey: null });
  const xml = (reply: FastifyReply, days: readonly string[]) => reply.type('text/xml').send(envelope(days));
  app.get('/eurofxref-daily.xml', (_request, reply) => xml(reply, workingDays().slice(0, 1)));
  app.get('/eurofxref-hist-90d.xml', (_request, reply) => xml(reply, workingDays()));
}

/** Newest first; weekends have no publication, holidays do. */
function workingDays(): readonly string[] {
  const today = Date.now();
  return Array.from({ length: historyDays + 1 }, (_, ago) => new Date(today - ago * 86_400_000))
    .filter((day) => day.getUTCDay() !== 0 && day.getUTCDay() !== 6)
    .map((day) => day.toISOString().slice(0, 10));
}

function envelope(days: readonly string[]): string {
  const cubes = days.map((day) => `<Cube time="${day}">\n${middles.map((row) => cube(row, day)).join('\n')}\n</Cube>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>SANDBOX RATES, invented</gesmes:subject>
<gesmes:Sender><gesmes:name>Sandbox, not the European Central Bank</gesmes:name></gesmes:Sender>
<Cube>
${cubes.join('\n')}
</Cube>
</gesmes:Envelope>
`;
}

function cube([currency, middle, decimals]: (typeof middles)[number], day: string): string {
  const widest = Math.floor(middle / 50);
  const units = middle + (hash(`${currency} ${day}`) % (2 * widest + 1)) - widest;
  const text = units.toString().padStart(decimals + 1, '0');
  return `<Cube currency="${currency}" rate="${text.slice(0, -decimals)}.${text.slice(-decimals)}"/>`;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const character of text) value = Math.imul(value ^ character.charCodeAt(0), 0x01000193) >>> 0;
  return value;
}
