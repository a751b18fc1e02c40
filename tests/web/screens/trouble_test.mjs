// What goes wrong at a station: two people on one batch, a lost connection, a login that ends.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Person, executable, launch } from './browser.mjs';
import { Scene, letters, password } from './scene.mjs';

if (!executable) {
  console.log('[skipped] Chromium is not installed');
  process.exit(0);
}

let scene;
let browser;
let weber;
let batch = '';

before(async () => {
  scene = await Scene.start();
  browser = await launch();
  weber = await Person.sitDown(browser, scene.url);
  await weber.logIn('weber');
  await scene.load('one', letters(3));
  batch = await weber.scan();
  await weber.press('o');
  await weber.until(() => document.querySelectorAll('.mr-doc-head').length === 3 && document.querySelector('mr-batch').view.pages.every((page) => page.read));
});
after(async () => {
  await browser?.close();
  await scene?.end();
});

test('who comes second to a batch reads who works on it, and can look but not change', async () => {
  const schmidt = await Person.sitDown(browser, scene.url);
  await schmidt.logIn('schmidt');
  await schmidt.goTo('batches', batch);
  await schmidt.see('.mr-notice');
  assert.match(await schmidt.text('.mr-notice'), /Maria Weber/);
  const before = (await schmidt.ask(`/batches/${batch}`)).version;
  await schmidt.press('r', 'Enter', '4');
  assert.equal(await schmidt.count('button.mr-tool:not([disabled])'), 0);
  assert.equal((await schmidt.ask(`/batches/${batch}`)).version, before);
  await schmidt.context.close();
});

test('a lost connection is said; what was done meanwhile goes out when it is back', async () => {
  await scene.tell('stop');
  const chosen = await weber.page.evaluate(() => [...document.querySelectorAll('.mr-class')].findIndex((button) => button.innerText.includes('Antrag')) + 1);
  await weber.press(String(chosen));
  await weber.see('.mr-banner');
  assert.match(await weber.text('.mr-banner'), /Keine Verbindung/);
  await weber.goTo('originals');
  await weber.see('main h1 >> text=Originale');
  await weber.goTo('batches', batch);
  await weber.isAccessible('offline');
  await weber.picture('keine-verbindung');
  await scene.tell('start');
  await weber.until(() => !document.querySelector('.mr-banner'));
  await weber.see('mr-login-over dialog');  // sessions end with the daemon
  await weber.page.fill('mr-login-over [name=password]', password);
  await weber.press('Enter');
  await weber.until(() => document.querySelector('.mr-class[aria-pressed=true]')?.innerText.includes('Antrag'));
  assert.equal((await weber.ask(`/batches/${batch}`)).documents[0].class, 'application');
});

test('when the daemon is back and nobody did anything meanwhile, the screen says what it needs', async () => {
  await scene.tell('stop');
  await weber.see('.mr-banner');
  await scene.tell('start');
  await weber.see('mr-login-over dialog');
  assert.equal(await weber.count('.mr-banner'), 0);
  await weber.page.fill('mr-login-over [name=password]', password);
  await weber.press('Enter');
  await weber.until(() => !document.querySelector('mr-login-over'));
  await weber.see('.mr-doc-head');
});

test('a login that ends in the middle of work loses nothing', async () => {
  await weber.page.locator('mr-fields summary').click();
  await weber.context.clearCookies();
  await weber.page.locator('mr-fields mr-date .mr-input').fill('2.11.2026');
  await weber.press('Tab');
  await weber.see('mr-login-over dialog');
  await weber.isAccessible('login over the work');
  await weber.picture('erneut-anmelden');
  await weber.page.fill('mr-login-over [name=password]', password);
  await weber.press('Enter');
  await weber.until(async (address) => (await (await fetch(address)).json()).documents?.[0].received === '2026-11-02', `/api/v1/batches/${batch}`);
  await weber.until(() => !document.querySelector('mr-login-over'));
  weber.isContent();
});
