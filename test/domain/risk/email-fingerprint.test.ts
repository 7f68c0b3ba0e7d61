import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { emailDomain, emailFingerprint } from '../../../domain/risk/email-fingerprint.ts';
import { propertyRuns } from '../../support/property-runs.ts';

describe('e-mail fingerprint', () => {
  it.each([
    ['Anna.Schmidt+shop@GoogleMail.com', 'annaschmidt@gmail.com'],
    ['annaschmidt@gmail.com', 'annaschmidt@gmail.com'],
    ['  Bob+1@outlook.com ', 'bob@outlook.com'],
    ['b.ob@outlook.com', 'b.ob@outlook.com'],
    ['Bob+sales@example.com', 'bob+sales@example.com'],
    ['+tag@gmail.com', '+tag@gmail.com'],
    ['"odd@local"@example.com', '"odd@local"@example.com'],
    ['nonsense', 'nonsense'],
  ])('reads %s as %s', (email, fingerprint) => {
    expect(emailFingerprint(email)).toBe(fingerprint);
  });

  it('is its own fingerprint', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const fingerprint = emailFingerprint(email);
        expect(emailFingerprint(fingerprint)).toBe(fingerprint);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('names the host of an address', () => {
    expect(emailDomain('Anna@Example.COM ')).toBe('example.com');
    expect(emailDomain('nonsense')).toBe('');
  });
});
