const inEveryRun = 1_000;

/**
 * How often a property is tried: 1,000 times in every test run, more where PROPERTY_RUNS says so
 * (`npm run test:properties:deep`). A costly property gives the share of it that it can afford.
 */
export function propertyRuns(share = 1): number {
  const wanted = Number(process.env['PROPERTY_RUNS'] ?? inEveryRun);
  return Math.max(1, Math.round(wanted * share));
}
