import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { BrowserContext, Page } from 'playwright-core';
import type { OrderView } from '../../clients/http/order-view.ts';
import { stockShop } from '../../dev/histories/scenarios.ts';
import { createShop } from '../../dev/histories/shop.ts';
import { BROWSER_FLAGS, findBrowser } from '../../dev/stack/browser.ts';
import { thisMachine } from '../../dev/stack/machine.ts';
import { startSystem } from '../../dev/system/start-system.ts';
import type { System } from '../../dev/system/start-system.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';

// Goal: the person who opens an order in Temporal's UI reads what it is and how it went. Method: the real system, one
// order, headless Chromium. UPDATE_SCREENSHOTS=1 also writes the pictures of docs/images.

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));
// Not console.error: Jest would print the place of the call with every line.
const log = (line: string): void => void process.stderr.write(`${line}\n`);

let system: System;
let browser: BrowserContext;
let profile: string;
let order: OrderView;
let page: Page;

beforeAll(async () => {
  const executablePath = await findBrowser(thisMachine(log));
  // Temporal of its own: the one of the test run has no UI. Jest gives every test file an environment of its own.
  delete process.env['TEMPORAL_ADDRESS'];
  system = await startSystem({ log: () => undefined, ui: true, isolated: true });
  profile = await mkdtemp(join(tmpdir(), 'waybill-browser-'));
  const viewport = { width: 1440, height: 1060 };
  const args = [...BROWSER_FLAGS];
  browser = await chromium.launchPersistentContext(profile, { executablePath, headless: true, args, viewport });
  order = await placeOrder();
  page = await browser.newPage();
}, 300_000);

afterAll(async () => {
  await browser?.close();
  await system?.stop();
  if (profile !== undefined) await rm(profile, { recursive: true, force: true });
}, 60_000);

/** A licence from stock and an account by a partner: both kinds of delivery in one picture. */
async function placeOrder(): Promise<OrderView> {
  const shop = createShop(system);
  await stockShop(shop);
  const body = {
    currency: 'EUR',
    customer: {
      email: 'ada@example.com',
      name: 'Ada Example',
      country: 'DE',
      ipCountry: 'DE',
      cardCountry: 'DE',
    },
    lines: [
      { price: 'editor-eur', quantity: 1 },
      { price: 'workspace-eur', quantity: 1 },
    ],
    payment: { method: 'card', token: 'tok_ok' },
  };
  return shop.untilEnded((await shop.api.place(body, 'temporal-ui')).id);
}

const pageOf = (id: string): string =>
  `${system.stack.temporal.uiUrl}/namespaces/${system.home.namespace}/workflows/${encodeURIComponent(orderWorkflowId(id))}`;

async function picture(name: string): Promise<void> {
  if (process.env['UPDATE_SCREENSHOTS'] !== '1') return;
  await mkdir(images, { recursive: true });
  await page.screenshot({ path: join(images, name) });
}

/** Summaries and details are Markdown, which the UI shows in frames of their own. */
async function textOfFrames(): Promise<string> {
  // The page replaces its frames while it loads: one that is gone is read at the next look.
  const read = page.frames().map((frame) =>
    frame
      .locator('body')
      .innerText()
      .catch(() => ''),
  );
  const texts = await Promise.all(read);
  return texts.join('\n');
}

async function untilShown(text: string): Promise<string> {
  const end = Date.now() + 30_000;
  for (;;) {
    const shown = await textOfFrames();
    if (shown.includes(text)) return shown;
    if (Date.now() > end) throw new Error(`the page never showed "${text}" but:\n${shown}`);
    await page.waitForTimeout(200);
  }
}

describe("an order in Temporal's UI", () => {
  it('shows what each step was about on its timeline', async () => {
    await page.goto(pageOf(order.id));
    await page.getByText('takePayment • take 98.00 EUR').first().waitFor({ timeout: 30_000 });
    const shown = await textOfFrames();
    for (const step of ['deliverByPartner • line 2: account', 'sendMessages • tell the customer'])
      expect(shown).toContain(step);
    await picture('temporal-ui-order-timeline.png');
  }, 60_000);

  it('says in words which order it is, where its record is, and how it went', async () => {
    await page.getByText('User Metadata').first().click();
    const shown = await untilShown('Everything delivered');
    expect(shown).toContain(`Order ${order.number}: 2 lines in EUR`);
    expect(shown).toContain(`GET /v1/orders/${order.id}`);
    expect(shown).toContain('Payment captured, invoice issued: 98.00 EUR');
    for (const event of ['book the sale, deliver from stock', 'take 98.00 EUR', 'completed'])
      expect(shown).toContain(event);
    await picture('temporal-ui-order.png');
  }, 60_000);

  it('shows nothing of the buyer', async () => {
    for (const personal of ['Ada', 'ada@example.com', 'tok_ok']) expect(await page.content()).not.toContain(personal);
  });
});
