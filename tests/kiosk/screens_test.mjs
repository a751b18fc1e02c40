// The kiosk's screens against the real daemon, with a real card, scanner and terminal (all virtual devices). Run by
// screens_test.cpp, which sets the scene.
import { test, before, after } from 'node:test';
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { MAILROOM_KIOSK_URL: url, MAILROOM_KIOSK_FEEDER: feeder, MAILROOM_KIOSK_STACK: stack, MAILROOM_KIOSK_KEYPAD: keypad,
        MAILROOM_SOURCE: source, MAILROOM_BUILD: build } = process.env;
const packages = createRequire(join(build, 'screen-packages/node_modules/'));
const { chromium } = packages('playwright-core');
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const patience = 60000;
const sizes = { portrait: { width: 1080, height: 1920 }, landscape: { width: 1280, height: 1024 } };
let browser;

before(async () => {
  browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync', '--autoplay-policy=no-user-gesture-required'] });
});
after(() => browser?.close());

function layPaper() {
  for (const old of readdirSync(feeder)) rmSync(join(feeder, old));
  rmSync(`${feeder}.feeder`, { force: true });
  for (const image of readdirSync(stack)) copyFileSync(join(stack, image), join(feeder, image));
}
const type = (digits) => writeFileSync(keypad, `${digits}\n`);

class Citizen {
  static async come(options = {}) {
    const citizen = new Citizen();
    citizen.context = await browser.newContext({ viewport: sizes.portrait, ...options });
    citizen.page = await citizen.context.newPage();
    citizen.page.setDefaultTimeout(patience);
    citizen.complaints = [];
    citizen.touches = 0;
    citizen.page.on('pageerror', (error) => citizen.complaints.push(error.stack));
    citizen.page.on('console', (message) => { if (/Content Security Policy|Uncaught/.test(message.text())) citizen.complaints.push(message.text()); });
    await citizen.page.goto(url);
    await citizen.see('[data-matter]');
    return citizen;
  }
  see(selector) { return this.page.waitForSelector(selector, { state: 'visible' }); }
  async touch(selector) {
    await this.page.click(selector);
    this.touches += 1;
  }
  text(selector) { return this.page.locator(selector).first().innerText(); }

  /** No violation of WCAG 2.2 A and AA, large targets, nothing cut off: at 100 and at 200 % text. */
  async isUsable(name) {
    await this.page.evaluate(axe);
    for (const size of [0, 2]) {
      await this.page.evaluate((wanted) => { document.querySelector('mr-kiosk').size = wanted; }, size);
      await this.page.waitForFunction((wanted) => document.documentElement.dataset.size === String(wanted), size);
      const result = await this.page.evaluate(() => globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }));
      assert.deepEqual(result.violations.map((one) => `${name} ${size}: ${one.id}: ${one.nodes[0].html.slice(0, 160)}`), []);
      const odd = await this.page.evaluate(() => ({
        wide: document.documentElement.scrollWidth > innerWidth + 1,
        headings: document.querySelectorAll('h1').length,
        small: [...document.querySelectorAll('button')].filter((one) => one.checkVisibility() && (one.offsetHeight < 64 || one.offsetWidth < 64)).map((one) => one.outerHTML.slice(0, 90)) }));
      assert.deepEqual(odd, { wide: false, headings: 1, small: [] }, `${name} at ${size}`);
    }
    await this.page.evaluate(() => { document.querySelector('mr-kiosk').size = 0; });
  }
  async picture(name) {
    if (!process.env.MAILROOM_SCREENSHOTS) return;
    const path = join(source, 'docs/screens', `kiosk-${name}.png`);
    mkdirSync(join(source, 'docs/screens'), { recursive: true });
    await this.page.waitForTimeout(300);
    await this.page.screenshot({ path });
    execFileSync('pngquant', ['--force', '--strip', '--nofs', '--speed', '1', '--output', path, '48', '--', path]);
  }
  async at(name, language) {
    await this.isUsable(`${name} ${language}`);
    await this.picture(`${language}-${name}`);
  }
  async go() { assert.deepEqual(this.complaints, []); await this.context.close(); }
}

test('from the start to the receipt of a matter with one proof there are at most 12 touches', async () => {
  layPaper(); type('123456');
  const citizen = await Citizen.come();
  await citizen.touch('[data-matter=hand-in-proof]');
  await citizen.touch('#agree');
  await citizen.touch('#next');
  await citizen.touch('#scan');
  await citizen.see('.mr-sides img');
  await citizen.touch('#good');
  await citizen.touch('#hand-in');
  await citizen.see('.mr-tracking');
  assert.match(await citizen.text('.mr-tracking'), /^MR(-[0-9A-Z]{4}){4}$/);
  assert.ok(citizen.touches <= 12, `${citizen.touches} touches`);
  await citizen.touch('#leave');
  await citizen.see('[data-matter]');
  await citizen.go();
});

for (const [index, language] of ['de', 'en', 'leicht'].entries()) {
  test(`every screen is usable in ${language}, and a fee is paid by card`, async () => {
    layPaper(); type('123456');
    const citizen = await Citizen.come({ viewport: index === 1 ? sizes.landscape : sizes.portrait });
    await citizen.page.click(`.mr-languages button:nth-of-type(${index + 1})`);
    await citizen.at('start', language);
    await citizen.touch('[data-matter=resident-parking]');
    await citizen.see('#agree');
    await citizen.at('consent', language);
    await citizen.touch('#agree');
    await citizen.see('#detail-plate');
    await citizen.at('details', language);
    await citizen.page.click('#next');  // without a plate
    await citizen.page.waitForFunction(() => document.querySelector('#detail-plate').getAttribute('aria-invalid') === 'true');
    for (const key of ['M', 'R', '-', 'X', 'Y', ' ', '9', '8', '7']) await citizen.page.click(`[data-key="${key}"]`);
    assert.equal(await citizen.page.inputValue('#detail-plate'), 'MR-XY 987');
    type('999999');
    await citizen.page.route('**/visit/identity', async (route) => {  // long enough to be looked at
      await new Promise((resolve) => { setTimeout(resolve, 4000); });
      await route.continue();
    }, { times: 1 });
    await citizen.touch('#next');
    await citizen.see('.mr-card-picture');
    await citizen.at('identify', language);
    await citizen.see('#again');
    await citizen.at('refused', language);
    type('123456');
    await citizen.touch('#again');
    await citizen.page.waitForSelector('#scan, #use-earlier', { state: 'visible' });
    if (await citizen.page.locator('#use-earlier').count() > 0) {
      await citizen.at('earlier', language);
      await citizen.touch('#scan-anew');
    }
    await citizen.see('#scan');
    await citizen.at('proof', language);
    await citizen.touch('#scan');
    await citizen.see('.mr-sides img');
    await citizen.at('scanned', language);
    await citizen.touch('#good');
    await citizen.see('#card');
    await citizen.at('check', language);
    await citizen.touch('#card');
    await citizen.see('.mr-status--large');
    await citizen.picture(`${language}-paying`);
    await citizen.see('.mr-tracking');
    await citizen.at('done', language);
    const number = await citizen.text('.mr-tracking');
    await citizen.touch('[data-opinion="5"]');
    await citizen.touch('#leave');
    await citizen.see('#look-up');
    await citizen.page.click(`.mr-languages button:nth-of-type(${index + 1})`);
    await citizen.touch('#look-up');
    await citizen.see('#tracking');
    await citizen.at('lookup', language);
    await citizen.page.fill('#tracking', number.toLowerCase().replaceAll('-', ' '));
    await citizen.touch('#find');
    await citizen.see('.mr-timeline');
    await citizen.at('tracking', language);
    await citizen.see('#open-answers');
    await citizen.touch('#open-answers');
    await citizen.see('.mr-page img');
    await citizen.at('answers', language);
    await citizen.touch('#leave');
    await citizen.see('[data-matter]');
    await citizen.go();
  });
}

test('the next person finds a fresh start, and nothing of the one before', async () => {
  const citizen = await Citizen.come();
  await citizen.page.click('.mr-languages button:nth-of-type(2)');
  await citizen.page.click('#contrast');
  await citizen.touch('[data-matter=resident-parking]');
  await citizen.touch('#agree');
  await citizen.page.fill('#detail-plate', 'MR-ZZ 999');
  await citizen.page.keyboard.press('Tab');
  await citizen.page.keyboard.press('Escape');
  await citizen.see('[data-matter]');
  const left = await citizen.page.evaluate(async () => ({
    words: document.documentElement.outerHTML.includes('MR-ZZ'), language: document.documentElement.lang, contrast: document.documentElement.dataset.contrast,
    local: localStorage.length, session: sessionStorage.length, cookie: document.cookie, caches: (await caches.keys()).length, databases: (await indexedDB.databases()).length }));
  assert.deepEqual(left, { words: false, language: 'de', contrast: 'normal', local: 0, session: 0, cookie: '', caches: 0, databases: 0 });
  await citizen.page.goBack().catch(() => null);
  await citizen.page.waitForTimeout(500);
  assert.ok(!(await citizen.page.content()).includes('MR-ZZ'));
  await citizen.go();
});

test('who stands still is warned in time and may go on; who has left is wiped', async () => {
  const citizen = await Citizen.come();
  await citizen.touch('[data-matter=certificate-of-conduct]');
  await citizen.see('#agree');
  await citizen.see('#more-time');
  await citizen.at('warning', 'de');
  await citizen.touch('#more-time');
  await citizen.page.waitForSelector('#more-time', { state: 'detached' });
  assert.ok(await citizen.page.isVisible('#agree'));
  await citizen.see('#more-time');
  await citizen.see('[data-matter]');
  assert.match(await citizen.text('.mr-note'), /Die Zeit ist abgelaufen/);
  await citizen.go();
});

test('everything is done by keyboard alone, and the screen can be heard', async () => {
  const citizen = await Citizen.come();
  const sound = citizen.page.waitForResponse((response) => response.url().endsWith('/visit/speech'));
  await citizen.page.focus('#read');
  await citizen.page.keyboard.press('Enter');
  const answer = await sound;
  if (answer.status() === 404 || !existsSync('/usr/bin/espeak-ng')) console.log('# no synthesiser: espeak-ng is not installed');
  else {
    assert.equal(answer.status(), 200);
    assert.equal(answer.headers()['content-type'], 'audio/wav');  // what it is like: handing_in_test.cpp
  }
  await citizen.page.locator('h1').focus();
  await citizen.page.keyboard.press('1');
  await citizen.see('#agree');
  await citizen.page.keyboard.press('1');
  await citizen.page.waitForSelector('#agree', { state: 'detached' });
  await citizen.page.keyboard.press('Escape');
  await citizen.see('[data-matter]');
  await citizen.go();
});

test('one more language is one more file, from right to left too', async () => {
  const citizen = new Citizen();
  citizen.context = await browser.newContext({ viewport: sizes.portrait });
  citizen.page = await citizen.context.newPage();
  citizen.complaints = [];
  const arabic = { 'language.name': 'العربية', 'language.code': 'ar', 'language.direction': 'rtl', 'start.title': 'ماذا تريد أن تفعل؟' };
  await citizen.page.route('**/words/languages.json', (route) => route.fulfill({ json: ['de', 'en', 'leicht', 'ar'] }));
  await citizen.page.route('**/words/ar.json', (route) => route.fulfill({ json: arabic }));
  await citizen.page.goto(url);
  await citizen.see('[data-matter]');
  await citizen.page.click('.mr-languages button:nth-of-type(4)');
  assert.equal(await citizen.page.evaluate(() => document.documentElement.dir), 'rtl');
  assert.equal(await citizen.text('h1'), arabic['start.title']);
  await citizen.isUsable('start ar');
  await citizen.go();
});
