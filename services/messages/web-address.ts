/** Escaping does not help against `javascript:`: only web addresses become links. */
export function webAddress(url: string | null): string | null {
  return url !== null && /^https?:\/\//i.test(url) ? url : null;
}
