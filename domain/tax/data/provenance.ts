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
  ebooks2020: {
    source: 'vatupdate.com, VAT rate applicable to e-publications in the EU (2020-05-06, after Taxamo)',
    checkedOn,
    confidence: 'source',
  },
  ebooks2021: {
    source: 'globalvatcompliance.com, VAT rates for e-books (2021-10-22)',
    checkedOn,
    confidence: 'source',
  },
  ebooksLithuania: {
    source: 'simplyvat.com, Lithuania reduces the VAT rates on electronic books (2023-01-31)',
    checkedOn,
    confidence: 'source',
  },
  ebooksLatvia: { source: 'easytax.co, Latvia: books and press at 5 % (2022)', checkedOn, confidence: 'source' },
  ebooksRomania: {
    source: 'stiripesurse.ro, VAT of electronic books cut to 5 % (2021-12-10), and vatcalc.com (p=5635)',
    checkedOn,
    confidence: 'source',
  },
  ebooksSlovakia: {
    source: 'spectator.sme.sk, 5 % for books, audiobooks and e-books, 20 % until then (2024)',
    checkedOn,
    confidence: 'source',
  },
  iowa: {
    source: 'Iowa Department of Revenue, taxation of specified digital products, and rule 701-225.7',
    checkedOn,
    confidence: 'source',
  },
  nexus: {
    source: 'suttax.avior.tax, economic nexus by state (2025-12-31)',
    checkedOn,
    confidence: 'source',
  },
  nexusRemoved: {
    source: 'avalara.com, states eliminating economic nexus transaction thresholds (2025-06)',
    checkedOn,
    confidence: 'source',
  },
  nexusKentucky: {
    source: 'trailingzero.vercel.app, Kentucky economic nexus threshold (2026)',
    checkedOn,
    confidence: 'source',
  },
  evidence: { source: 'Reg. (EU) 282/2011 art. 24b(d)', checkedOn, confidence: 'source' },
  isoCodes: { source: 'ISO 3166-1: the code belongs to the tax area named', checkedOn, confidence: 'source' },
  generalKnowledge: {
    source: 'general knowledge, not yet compared with a source',
    checkedOn,
    confidence: 'general_knowledge',
  },
  ourPolicy: { source: 'our own policy', checkedOn, confidence: 'source' },
  ourRegister: {
    source: 'our own list for the default legal entity (a sample: replace it with yours)',
    checkedOn,
    confidence: 'general_knowledge',
  },
} as const satisfies Record<string, Provenance>;
