/** Making a formatter costs a hundred times what using it does; a zone's never changes. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const formatter = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  formatters.set(zone, formatter);
  return formatter;
}

/** The calendar date that people in an IANA zone have at an instant (ISO 8601): "2025-07-31T21:00:00Z" in Bucharest is 2025-08-01. */
export function localDate(at: string, zone: string): string {
  const parts = formatterOf(zone).formatToParts(new Date(at));
  const part = (type: 'year' | 'month' | 'day') => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}
