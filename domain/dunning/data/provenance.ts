import type { Provenance } from '../../tax/dated-row.ts';

const checkedOn = '2026-11-21';
const said = (source: string): Provenance => ({ source, checkedOn, confidence: 'source' });

/** Taken over from research notes on these pages, not compared line by line with the networks' own rule books: do that before go-live. */
export const provenance = {
  visaLists: said('support.tillpayments.com and retries.com, Visa category 1 response codes'),
  visaDisputedCodes: said(
    'support.forte.net (2021: with 03 62 78 93) and support.tillpayments.com (with 14 46): the lists differ, so all of them count',
  ),
  visa15: said('support.stripe.com, Visa: 15 reattempts in 30 days since 2021'),
  visa20: said(
    'docs.cielo.com.br changelog and developers.tabapay.com: Visa, 20 reattempts in 30 days since 2025-05-25',
  ),
  mastercard: said('developers.tabapay.com and Dintero: Mastercard, 10 declines in 24 hours, 35 attempts in 30 days'),
  mastercardAdvice: said('docs.everonet.com, Mastercard merchant advice codes'),
  mastercardAdvice02: said('support.tillpayments.com, Mastercard merchant advice code 02: after 72 hours'),
  stripeIndia: said('docs.stripe.com smart-retries: cards issued in India are not retried'),
  stripeHard: said('docs.stripe.com/declines/codes: a new payment method is needed'),
  stripeAuthentication: said('docs.stripe.com/declines/codes: the customer has to confirm; Visa 1A, Mastercard 65'),
  stripeFixData: said('docs.stripe.com/declines/codes: the data of the card have to be put right first'),
  customerCap: said('Polar, failed-payments.mdx: at most 5 retries that the customer asks for'),
  ourPolicy: said('our own policy'),
  generalKnowledge: {
    source: 'general knowledge, not yet compared with a source',
    checkedOn,
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Provenance>;
