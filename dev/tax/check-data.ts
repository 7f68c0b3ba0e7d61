import { checkTaxData, staleAfterDays, staleTaxData, taxDataSeries } from '../../domain/tax/check-tax-data.ts';

/** `npm run tax:check-data [date]`: exit status 1 when the tables contradict themselves. Stale rows are only listed. */
const today = process.argv[2] ?? new Date().toISOString().slice(0, 10);
const series = taxDataSeries();
const problems = checkTaxData(today);
const stale = staleTaxData(today);

console.log(
  `${series.length} series, ${series.reduce((n, { rows }) => n + rows.length, 0)} rows, checked as of ${today}`,
);
for (const { table, series: name, text } of problems) console.log(`PROBLEM  ${table}: ${name}: ${text}`);
if (stale.length > 0)
  console.log(`${stale.length} rows have not been compared with their source for ${staleAfterDays} days:`);
for (const [what, rows] of countBy(stale.map(({ table, text }) => `${table}: ${text}`)))
  console.log(`stale    ${rows} × ${what}`);
console.log(problems.length === 0 ? 'No problems.' : `${problems.length} problems.`);
process.exitCode = problems.length === 0 ? 0 : 1;

function countBy(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  return counts;
}
