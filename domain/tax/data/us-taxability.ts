import type { TaxClass } from '../../catalog/catalog.ts';
import type { DatedRow, Provenance } from '../dated-row.ts';
import { provenance } from './provenance.ts';
import { usStates } from './us-states.ts';

/** Whether a state taxes a class sold to that kind of customer. A zero-tax state is a row with `taxable: false`. */
export interface UsTaxabilityRow extends DatedRow {
  readonly state: string;
  readonly taxClass: TaxClass;
  readonly customer: 'consumer' | 'business';
  readonly taxable: boolean;
  /** The part of the price that is taxed: "0.80" in Texas for SaaS. */
  readonly baseShare: string;
  /** A rate of its own instead of the state's base rate, or null. */
  readonly rate: string | null;
}

const { nexusByState, doola, iowa, generalKnowledge } = provenance;

/** Digital rules are on file from here on; earlier sales have no data. */
const digitalFrom = '2024-01-01';
const always = '2020-01-01';

type Exception = Omit<UsTaxabilityRow, 'taxClass'>;
const exception = (
  state: string,
  customer: Exception['customer'],
  values: Partial<Pick<Exception, 'taxable' | 'baseShare' | 'rate' | 'validFrom' | 'validTo'>>,
  from: Provenance,
): Exception => ({
  state,
  customer,
  taxable: true,
  baseShare: '1',
  rate: null,
  validFrom: digitalFrom,
  validTo: null,
  ...values,
  ...from,
});

/** Both kinds of customer in all 51 jurisdictions; an exception replaces the plain answer for its state and customer. */
function rule(
  taxClass: TaxClass,
  taxableIn: string,
  validFrom: string,
  from: Provenance,
  exceptions: readonly Exception[] = [],
): UsTaxabilityRow[] {
  const taxable = new Set(taxableIn.split(' '));
  return usStates.flatMap((state) =>
    (['consumer', 'business'] as const).flatMap((customer): UsTaxabilityRow[] => {
      const own = exceptions.filter((row) => row.state === state && row.customer === customer);
      if (own.length > 0) return own.map((row) => ({ ...row, taxClass }));
      const plain = { taxable: taxable.has(state), baseShare: '1', rate: null, validFrom, validTo: null };
      return [{ state, taxClass, customer, ...plain, ...from }];
    }),
  );
}

const from2025 = { validFrom: '2025-01-01', validTo: null } as const;
const until2025 = { validFrom: digitalFrom, validTo: '2025-01-01' } as const;

/** Louisiana has taxed digital products since 2025. */
const louisiana: readonly Exception[] = (['consumer', 'business'] as const).flatMap((customer) => [
  exception('LA', customer, { taxable: false, ...until2025 }, generalKnowledge),
  exception('LA', customer, from2025, nexusByState),
]);

/** Maryland: consumers pay 6 % on digital products; business data, IT and software services 3 % since 2025-07-01. */
const maryland: readonly Exception[] = [
  exception('MD', 'business', { taxable: false, validTo: '2025-07-01' }, generalKnowledge),
  exception('MD', 'business', { rate: '0.03', validFrom: '2025-07-01' }, nexusByState),
];

/** Iowa leaves out what a commercial enterprise uses itself: software, SaaS and other digital products. */
const iowaBusiness: readonly Exception[] = [exception('IA', 'business', { taxable: false }, iowa)];

/** Texas taxes data processing, which SaaS is, on 80 % of the charge. */
const texas: readonly Exception[] = (['consumer', 'business'] as const).map((customer) =>
  exception('TX', customer, { baseShare: '0.80' }, nexusByState),
);

const saasStates = 'NY PA CT WA TX UT TN SD HI DC IA WV NM RI AL AZ LA MA SC KY MD';
const downloadStates = 'AL AZ AR CO CT HI ID IN IA KY LA ME MD MN MS NE NJ NM NC OH PA RI SD TN TX UT VT WA DC WI WY';
const without = (states: string, ...left: string[]) =>
  states
    .split(' ')
    .filter((state) => !left.includes(state))
    .join(' ');
const salesTaxStates = without(usStates.join(' '), 'AK', 'DE', 'MT', 'NH', 'OR');

export const usTaxability: readonly UsTaxabilityRow[] = [
  ...rule('saas', saasStates, digitalFrom, nexusByState, [
    ...texas,
    ...maryland,
    ...louisiana,
    ...iowaBusiness,
    exception('CT', 'business', { rate: '0.01' }, nexusByState),
    exception('OH', 'consumer', { taxable: false }, nexusByState),
    exception('OH', 'business', {}, nexusByState),
  ]),
  // Canned software by download differs from other downloads in these states.
  ...rule(
    'software_download',
    `${without(downloadStates, 'AR', 'CO', 'ID')} IL KS MA MI ND NY WV`,
    digitalFrom,
    generalKnowledge,
    [...maryland, ...iowaBusiness],
  ),
  ...rule('ebook', downloadStates, digitalFrom, doola, [...louisiana, ...iowaBusiness]),
  ...rule('media_download', downloadStates, digitalFrom, doola, [...louisiana, ...iowaBusiness]),
  ...rule('course_recorded', downloadStates, digitalFrom, doola, [...louisiana, ...iowaBusiness]),
  // Where only a permanent right of use is taxed, or only a download, a stream is not.
  ...rule('streaming', without(downloadStates, 'ID', 'IN', 'NJ', 'VT', 'WY'), digitalFrom, generalKnowledge, [
    ...louisiana,
    ...iowaBusiness,
  ]),
  // Three states tax services as such, West Virginia with an exemption for lessons.
  ...rule('course_live', 'HI NM SD', always, generalKnowledge),
  ...rule('service', 'HI NM SD WV', always, generalKnowledge),
  ...rule('physical', salesTaxStates, always, generalKnowledge),
  // Charged separately and shown separately.
  ...rule(
    'shipping',
    'AR CT DC GA HI IN KS KY MI MN MS NC ND NE NJ NM NY OH PA RI SC SD TN TX VT WA WI WV',
    always,
    generalKnowledge,
  ),
];
