import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import {
  createExemptionCertificateService,
  exemptionCertificateInputSchema,
} from '../../../services/tax/exemption-certificate-service.ts';
import type { ExemptionCertificateInput } from '../../../services/tax/exemption-certificate-service.ts';
import { exemptionCertificatesCollection } from '../../../services/tax/exemption-certificate-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const input = (values: Partial<ExemptionCertificateInput> = {}): ExemptionCertificateInput => ({
  customer: 'cus_1',
  kind: 'resale',
  jurisdictions: ['US-TX'],
  number: 'TX-4711',
  validFrom: '2026-01-01',
  validTo: '2028-01-01',
  ...values,
});
const at = '2026-11-21T12:00:00.000Z';
const later = '2026-11-22T12:00:00.000Z';

describe('exemption certificates', () => {
  let database: { db: Db; close(): Promise<void> };
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.db.collection(exemptionCertificatesCollection.name).deleteMany({});
  });
  const service = () => createExemptionCertificateService({ db: database.db });
  const stored = async (id: string) =>
    exemptionCertificatesCollection.schema.parse(
      await database.db.collection<{ _id: string }>(exemptionCertificatesCollection.name).findOne({ _id: id }),
    );

  it('are kept and found by id', async () => {
    expect(await service().put('cert_1', input(), at)).toEqual({ id: 'cert_1', ...input() });
    expect(await service().find('cert_1')).toEqual({ id: 'cert_1', ...input() });
    expect(await service().find('cert_2')).toBeNull();
  });

  it('keep what they said before, because earlier sales relied on it', async () => {
    await service().put('cert_1', input(), at);
    await service().put('cert_1', input({ validTo: '2027-01-01' }), later);
    expect(await service().find('cert_1')).toMatchObject({ validTo: '2027-01-01' });
    expect(await stored('cert_1')).toMatchObject({
      revision: 2,
      recordedAt: later,
      earlier: [{ ...input(), recordedAt: at }],
    });
  });

  it('change nothing when they are put again', async () => {
    await service().put('cert_1', input(), at);
    await service().put('cert_1', input(), later);
    expect(await stored('cert_1')).toMatchObject({ revision: 1, recordedAt: at, earlier: [] });
  });

  it('lose no version when many write at once', async () => {
    const numbers = Array.from({ length: 12 }, (_, index) => `N${index}`);
    await Promise.all(numbers.map((number) => service().put('cert_1', input({ number }), at)));
    const { number, earlier, revision } = await stored('cert_1');
    expect([...earlier.map((one) => one.number), number].sort()).toEqual([...numbers].sort());
    expect(revision).toBe(numbers.length);
  });

  it('are for the customer they were given to, and for one that is not named', async () => {
    await service().put('cert_1', input(), at);
    expect(await service().require('cert_1', 'cus_1')).toMatchObject({ number: 'TX-4711' });
    expect(await service().require('cert_1', null)).toMatchObject({ number: 'TX-4711' });
    for (const [id, customer] of [
      ['cert_1', 'cus_2'],
      ['cert_2', 'cus_1'],
      ['cert_2', null],
    ] as const) {
      await expect(service().require(id, customer)).rejects.toMatchObject({
        code: 'tax.exemption_certificate_unknown',
        problems: [
          { path: 'customer.exemptionCertificate', message: `this customer has no exemption certificate "${id}"` },
        ],
      });
    }
  });
});

describe('the body of an exemption certificate', () => {
  const pathsOf = (values: object) => {
    const parsed = exemptionCertificateInputSchema.safeParse({ ...input(), ...values });
    return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
  };

  it('is read as it is, and without an end when none is given', () => {
    const { customer, kind, jurisdictions, number, validFrom } = input();
    const endless = { customer, kind, jurisdictions, number, validFrom };
    expect(exemptionCertificateInputSchema.parse(input())).toEqual(input());
    expect(exemptionCertificateInputSchema.parse(endless)).toEqual({ ...endless, validTo: null });
  });

  it.each([
    ['no customer', { customer: ' ' }, 'customer'],
    ['a kind that is none', { kind: 'friend' }, 'kind'],
    ['no jurisdiction', { jurisdictions: [] }, 'jurisdictions'],
    ['a jurisdiction twice', { jurisdictions: ['US-TX', 'US-TX'] }, 'jurisdictions'],
    ['a jurisdiction without certificates', { jurisdictions: ['US-TX', 'DE'] }, 'jurisdictions.1'],
    ['no number', { number: '' }, 'number'],
    ['a date that is none', { validFrom: '2026-02-30' }, 'validFrom'],
    ['an end before the beginning', { validTo: '2026-01-01' }, 'validTo'],
    ['an unknown field', { colour: 'red' }, ''],
  ])('with %s is refused at its path', (_, values, path) => {
    expect(pathsOf(values)).toEqual([path]);
  });
});
