import type { Locale } from '../../order/order.ts';
import type { Provenance } from '../../tax/dated-row.ts';

/** One text in every language that we write to customers in. */
export type Localized = Readonly<Record<Locale, string>>;

/** A citation that reads the same in every language, or its German form beside it. */
export function cited(en: string, de = en): Localized {
  return { en, de };
}

export const ourRefundPolicy = cited('our refund policy', 'unsere Erstattungsbedingungen');

const checkedOn = '2026-11-21';

/**
 * Where the rows come from: pages read as excerpts and research notes on them, not compared line by line with the
 * statutes. Do that with counsel before go-live, and then move the date.
 */
export const policySources = {
  euDirective: {
    source:
      'legislation.gov.uk/eudr/2011/83 (art. 9), digitalfairnessact.com (the consolidated directive), and for the last day ' +
      'Regulation 1182/71 art. 3(4), quoted at wordscope.be',
    checkedOn,
    confidence: 'source',
  },
  ukRegulations: {
    source: 'legislation.gov.uk/uksi/2013/3134 (part 3) and mylawyer.co.uk, cancellation periods',
    checkedOn,
    confidence: 'source',
  },
  easylaw: {
    source: 'easylaw.go.kr, cancellation of online purchases (Act on Consumer Protection in Electronic Commerce)',
    checkedOn,
    confidence: 'source',
  },
  japan: {
    source: 'loc.gov, Global Legal Monitor 2009-11-27 (Act on Specified Commercial Transactions)',
    checkedOn,
    confidence: 'source',
  },
  brazil: {
    source:
      'acc.com, The right of regret in the Brazilian Consumer Protection Code, and techinbrazil.com (digital products)',
    checkedOn,
    confidence: 'source',
  },
  turkey: {
    source: 'eb.clinic and taksicim.net, quoting the Distance Contracts Regulation (art. 9, 15), and ananasdc.com',
    checkedOn,
    confidence: 'source',
  },
  china: {
    source: 'beijing.gov.cn (2023-06-08) and leetsai.com on art. 25 of the Consumer Protection Law',
    checkedOn,
    confidence: 'source',
  },
  unitedStates: {
    source: 'findlaw.com and re-turns.com, customer returns and refund laws by state',
    checkedOn,
    confidence: 'source',
  },
  australia: {
    source: 'dundaslawyers.com.au and fls.org.au, The Law Handbook 2024, p. 710 (Australian Consumer Law)',
    checkedOn,
    confidence: 'source',
  },
  newZealand: {
    source: 'consumerprotection.govt.nz booklet on the Consumer Guarantees Act, through wixlib.com',
    checkedOn,
    confidence: 'source',
  },
  generalKnowledge: {
    source: 'general knowledge, not yet compared with a source',
    checkedOn,
    confidence: 'general_knowledge',
  },
  ourPolicy: {
    source: 'our own policy (a sample: replace it with yours)',
    checkedOn,
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Provenance>;
