/** Hosts that deliver "a.b@" and "ab@" to one person (Google's help, "Dots don't matter in Gmail addresses"). */
const ignoresDots: readonly string[] = ['gmail.com'];

/** Hosts that deliver "ab+tag@" to "ab@" by default, as their help pages say. */
const dropsPlusTag: readonly string[] = [
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'icloud.com',
  'me.com',
  'proton.me',
  'protonmail.com',
  'fastmail.com',
];

const sameHost: Readonly<Record<string, string>> = { 'googlemail.com': 'gmail.com' };

/**
 * One spelling for all the addresses that reach the same inbox, to be hashed and compared; never to send mail to. Other
 * hosts may tell "a+b" and "ab" apart, so nothing but the case is changed there.
 */
export function emailFingerprint(email: string): string {
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  if (at < 1) return address;
  const host = address.slice(at + 1);
  const domain = sameHost[host] ?? host;
  const tagged = address.slice(0, at);
  const plus = dropsPlusTag.includes(domain) ? tagged.indexOf('+') : -1;
  const mailbox = plus > 0 ? tagged.slice(0, plus) : tagged;
  return `${ignoresDots.includes(domain) ? mailbox.replaceAll('.', '') : mailbox}@${domain}`;
}

/** The host part in lower case; '' when there is none. */
export function emailDomain(email: string): string {
  const address = email.trim().toLowerCase();
  const at = address.lastIndexOf('@');
  return at < 1 ? '' : address.slice(at + 1);
}
