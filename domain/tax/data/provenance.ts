import type { Provenance } from '../dated-row.ts';

const checkedOn = '2026-11-21';

/**
 * The sources that the tables cite. The rows were taken over from research notes on these sources (e-books: from a search
 * excerpt of the page named), not compared line by line with the originals: do that before go-live, and then move the date.
 */
export const provenance = {
  tedb: {
    source:
      'European Commission TEDB through vatnode/eu-vat-rates-data-js (2026-08-22), cross-checked with ibericode/vat-rates',
    checkedOn,
    confidence: 'source',
  },
  ebooks: {
    source: 'avalara.com/vatlive/en/vat-news/2018-eu-harmonised-e-publications-vat-rates.html (2020-03-04)',
    checkedOn,
    confidence: 'source',
  },
  territories: {
    source: 'ibericode/vat-rates (postcodes) and European Commission TEDB (rates, 2026-08-22)',
    checkedOn,
    confidence: 'source',
  },
  avalara: {
    source: 'avalara.com, VAT and GST on e-services worldwide (2026-02-26)',
    checkedOn,
    confidence: 'source',
  },
  taxtips: { source: 'taxtips.ca, sales tax rates 2026', checkedOn, confidence: 'source' },
  vatcalc: { source: 'vatcalc.com, US sales tax by state (p=38086)', checkedOn, confidence: 'source' },
  nexusByState: {
    source: 'nexusbystate.com, SaaS taxability by state (2026-06-02), and help.doola.com',
    checkedOn,
    confidence: 'source',
  },
  doola: { source: 'help.doola.com, digital products by state', checkedOn, confidence: 'source' },
  isoCodes: { source: 'ISO 3166-1: the code belongs to the tax area named', checkedOn, confidence: 'source' },
  generalKnowledge: {
    source: 'general knowledge, not yet compared with a source',
    checkedOn,
    confidence: 'general_knowledge',
  },
  ourRegister: {
    source: 'our own list for the default legal entity (a sample: replace it with yours)',
    checkedOn,
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Provenance>;
