// A batch by touch alone: fed, split, taken back, confirmed. Nothing needs a mouse or a key but what is typed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person, executable, launch } from './browser.mjs';
import { Scene, letter, letters, password, separator } from './scene.mjs';

if (!executable) {
  console.log('[skipped] Chromium is not installed');
  process.exit(0);
}

let scene;
let browser;
before(async () => {
  scene = await Scene.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await scene?.end();
});

test('by touch alone a stack is fed, put together and confirmed', async () => {
  await scene.load('one', [
    ...letters(1), ...letter('Anlage', 'siehe oben'), ...separator('APP', '5000'), ...letter('Antrag auf Wohngeld', 'hiermit beantrage ich Wohngeld.')]);
  const person = await Person.sitDown(browser, scene.url, { hasTouch: true });
  const { page } = person;
  const tap = async (selector, nth = 0) => {
    await person.see(selector);
    await page.locator(selector).nth(nth).tap();
  };
  await page.goto(scene.url);
  await page.fill('[name=user]', 'weber');
  await page.fill('[name=password]', password);
  await tap('mr-login-form button.kern-btn--primary');
  await tap('.mr-rail a[href="#/scan"]');
  await tap('.mr-profile');
  await page.waitForTimeout(600);  // right after it opens the screen takes no start
  await tap('.mr-scan__order button.kern-btn--primary, mr-scan button.kern-btn--primary');
  await tap('.mr-scan__stack a.kern-btn');
  const documents = (count) => person.until((wanted) => document.querySelectorAll('.mr-doc-head:not(.mr-doc-head--none)').length === wanted, count);
  await documents(2);
  await tap('.mr-tile:not(.mr-tile--aside)', 1);
  await tap('.mr-tool:has(kbd:text-is("S"))');
  await documents(3);
  await tap('.mr-tool:has(kbd:text-is("U"))');
  await documents(2);
  const number = page.url().split('/').at(-1);
  for (let confirmed = 0; confirmed < 2; confirmed += 1) {
    await tap('.mr-confirm:not([disabled])');
    await page.waitForTimeout(500);
  }
  await person.until(async (address) => ['released', 'finished'].includes((await (await fetch(address)).json()).batch?.state), `/api/v1/batches/${number}`);
  person.isContent();
  await page.context().close();
});
