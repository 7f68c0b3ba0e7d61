import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { AxeResults } from 'axe-core';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import { BROWSER_FLAGS, findBrowser } from '../../dev/stack/browser.ts';
import { thisMachine } from '../../dev/stack/machine.ts';
import { buyer, openPage } from '../clients/withdrawal/page-under-test.ts';
import type { PageUnderTest } from '../clients/withdrawal/page-under-test.ts';
import { databaseOfThisFile } from '../support/mongo.ts';

// Goal: everybody can withdraw: with the keyboard alone, on a telephone, with a screen reader, without JavaScript. Method:
// the page on the real API and database, headless Chromium, axe. UPDATE_SCREENSHOTS=1 also writes docs/images.

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const log = (line: string): void => void process.stderr.write(`${line}\n`);
const db = await databaseOfThisFile();
const axeSource = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let site: PageUnderTest;
let browser: BrowserContext;
let executablePath: string;
const profiles: string[] = [];

/** A browser of a German on a telephone. */
async function open(options: { readonly bypassCSP?: boolean; readonly javaScriptEnabled?: boolean }) {
  const profile = await mkdtemp(join(tmpdir(), 'waybill-browser-'));
  profiles.push(profile);
  return chromium.launchPersistentContext(profile, {
    ...{ executablePath, headless: true, args: [...BROWSER_FLAGS], locale: 'de-DE' },
    viewport: { width: 360, height: 740 },
    ...options,
  });
}

beforeAll(async () => {
  executablePath = await findBrowser(thisMachine(log));
  site = await openPage(db);
  // The policy would keep axe out, which is no script of the page's own.
  browser = await open({ bypassCSP: true });
}, 120_000);

afterAll(async () => {
  await browser?.close();
  await site?.close();
  for (const profile of profiles) await rm(profile, { recursive: true, force: true });
}, 60_000);

async function picture(page: Page, name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  await mkdir(images, { recursive: true });
  await page.screenshot({ path: join(images, name), fullPage: true });
}

/** What axe finds that keeps people out: WCAG 2.2 A and AA and good practice, serious and critical. */
async function seriousFaults(page: Page): Promise<readonly string[]> {
  await page.evaluate(axeSource);
  const results: AxeResults = await page.evaluate('axe.run()');
  expect(results.passes.length).toBeGreaterThan(10);
  return results.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
}

async function fitsTheScreen(page: Page): Promise<void> {
  const [content, screen] = await page.evaluate<[number, number]>(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  );
  expect(content).toBeLessThanOrEqual(screen);
}

const focused = (page: Page): Promise<string> =>
  page.evaluate('document.activeElement.id || document.activeElement.textContent.trim()');

/** Presses Tab until that is focused. */
async function tabTo(page: Page, target: string): Promise<void> {
  for (let presses = 0; presses < 15; presses += 1) {
    if ((await focused(page)) === target) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`"${target}" is not reached by the keyboard, but ${await focused(page)}`);
}

async function typeInto(page: Page, field: string, text: string): Promise<void> {
  await tabTo(page, field);
  await page.keyboard.type(text);
}

describe('the withdrawal page in a browser', () => {
  it('leads a German customer through both steps on a telephone with the keyboard alone', async () => {
    const page = await browser.newPage();
    await page.goto(`${site.api.url}/withdraw?order=${buyer.number}`);
    expect(await page.title()).toBe('Vertrag widerrufen – Waybill Commerce Ltd');
    await fitsTheScreen(page);
    expect(await seriousFaults(page)).toEqual([]);
    await picture(page, 'withdrawal-step-1-phone.png');
    await typeInto(page, 'name', 'Ada Example');
    await tabTo(page, 'orderNumber');
    expect(await page.inputValue('#orderNumber')).toBe(buyer.number);
    await typeInto(page, 'email', buyer.email);
    await tabTo(page, 'Vertrag widerrufen');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Prüfen und bestätigen' }).waitFor();
    await fitsTheScreen(page);
    expect(await seriousFaults(page)).toEqual([]);
    await picture(page, 'withdrawal-step-2-phone.png');
    await tabTo(page, 'Widerruf bestätigen');
    await page.keyboard.press('Enter');

    await page.getByRole('heading', { name: 'Ihr Widerruf ist eingegangen' }).waitFor();
    await fitsTheScreen(page);
    expect(await seriousFaults(page)).toEqual([]);
    await picture(page, 'withdrawal-done-phone.png');
    const id = /wdr_[0-9A-Z]{16}/.exec(await page.innerText('main'))?.[0] ?? '';
    await site.settled();
    expect(await db.collection<{ _id: string }>('withdrawals').findOne({ _id: id })).toMatchObject({
      ...{ orderId: buyer.orderId, status: 'refund_requested', locale: 'de' },
    });
    await page.close();
  }, 60_000);

  it('shows what is wrong, where, and leads there', async () => {
    const page = await browser.newPage();
    await page.setViewportSize({ width: 1024, height: 900 });
    await page.goto(`${site.api.url}/withdraw?lang=en`);
    await typeInto(page, 'name', 'Ada Example');
    await tabTo(page, 'Withdraw from contract here');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await seriousFaults(page)).toEqual([]);
    await picture(page, 'withdrawal-errors.png');
    await page.getByRole('link', { name: 'E-mail address: please fill this in.' }).press('Enter');
    expect(await focused(page)).toBe('email');
    expect(await page.inputValue('#name')).toBe('Ada Example');
    const described = (await page.getAttribute('#email', 'aria-describedby')) ?? '';
    expect(described.split(' ')).toEqual(['email-hint', 'email-error']);
    await page.close();
  }, 60_000);

  it('can be read in the dark, too', async () => {
    const page = await browser.newPage();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`${site.api.url}/withdraw?lang=en`);
    expect(await seriousFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Deutsch' }).press('Enter');
    await page.getByRole('heading', { name: 'Vertrag widerrufen' }).waitFor();
    await page.close();
  }, 60_000);

  it('works with JavaScript switched off', async () => {
    // With the page's own security policy, which has to let its forms and its stylesheet through.
    const plain = await open({ javaScriptEnabled: false });
    const page = await plain.newPage();
    await page.goto(`${site.api.url}/withdraw?lang=en`);
    await page.fill('#name', 'Ada Example');
    await page.fill('#orderNumber', buyer.number);
    await page.fill('#email', buyer.email);
    await page.click('main button');
    await page.click('text=Confirm withdrawal');
    await page.getByRole('heading', { name: 'Your withdrawal has been received' }).waitFor();
    await plain.close();
  }, 60_000);
});
