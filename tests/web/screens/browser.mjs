// Debian's Chromium as a person at a station.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import assert from 'node:assert/strict';
import { packages, source } from './places.mjs';
import { password } from './scene.mjs';

const { chromium } = packages('playwright-core');
const axe = readFileSync(packages.resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

export const executable = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
export const patience = 60000;  // milliseconds: the machine may be busy

export function launch() {
  return chromium.launch({
    executablePath: executable, env: { ...process.env, LANGUAGE: 'de', LANG: 'de_DE.UTF-8' },
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update',
           '--disable-sync', '--lang=de-DE'] });
}

/** Runs in the page. Tiles and fields are reached with arrow keys from the one that Tab reaches; a date is typed. */
function controlsWithoutFocus() {
  const byArrows = '.mr-tile, [data-field], .mr-date__open, .mr-date__calendar';
  const within = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document;
  const before = document.activeElement;
  const controls = [...within.querySelectorAll('button, a[href], input, select, textarea, summary')]
    .filter((control) => control.checkVisibility() && !control.disabled && !control.matches(byArrows));
  const named = (control) => control.outerHTML.slice(0, 120);
  const shows = (element) => { const style = getComputedStyle(element); return style.outlineStyle !== 'none' || style.boxShadow !== 'none'; };
  const unseen = controls.filter((control) => {
    control.blur();  // else one that a click has focused stays as it is
    control.focus({ focusVisible: true, preventScroll: true });
    return document.activeElement === control && !shows(control) && !(control.closest('label') && shows(control.closest('label')));
  });
  const unreached = controls.filter((control) => control.tabIndex < 0);
  document.activeElement.blur();
  before.focus({ preventScroll: true });
  return { unreached: unreached.map(named), unseen: unseen.map(named), looked: controls.length };
}

export class Person {
  static async sitDown(browser, url, options = {}) {
    const person = new Person();
    person.url = url;
    person.context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'de-DE', ...options });
    person.page = await person.context.newPage();
    person.page.setDefaultTimeout(patience);
    person.complaints = [];
    person.keys = 0;
    person.page.on('pageerror', (error) => person.complaints.push(error.stack));
    person.page.on('console', (message) => {
      if (/Content Security Policy|Uncaught/.test(message.text())) person.complaints.push(message.text());
    });
    return person;
  }

  async logIn(user) {
    await this.page.goto(this.url);
    await this.page.fill('[name=user]', user);
    await this.page.fill('[name=password]', password);
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector('.mr-rail');
  }

  /** Presses keys one after the other and counts them. */
  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
      this.keys += 1;
    }
  }

  async goTo(...parts) {
    await this.page.evaluate((hash) => { location.hash = hash; }, `#/${parts.join('/')}`);
  }

  /** Opens the scan screen and starts a batch with two keys; gives its number once the feed is over. */
  async scan() {
    await this.goTo('scan');
    await this.see('.mr-profile');
    await this.page.waitForTimeout(600);  // right after it opens the screen takes no Enter
    await this.press('1', 'Enter');
    await this.see('.mr-scan__stack a.kern-btn', { timeout: 90000 });
    return this.text('.mr-head .mr-number');
  }

  see(selector, options = {}) { return this.page.waitForSelector(selector, { state: 'visible', ...options }); }
  text(selector) { return this.page.locator(selector).first().innerText(); }
  count(selector) { return this.page.locator(selector).count(); }

  /** Waits until `question`, asked in the page, is answered with yes. */
  until(question, value, timeout = patience) { return this.page.waitForFunction(question, value, { timeout }); }

  /** Asks the daemon as the page does. */
  ask(path) { return this.page.evaluate(async (address) => (await fetch(`/api/v1${address}`)).json(), path); }

  /** No violation of WCAG 2.2 A and AA on what is shown now. */
  async isAccessible(name) {
    await this.page.evaluate(axe);
    const result = await this.page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }), rules);
    assert.deepEqual(result.violations.map((violation) => `${name}: ${violation.id}: ${violation.nodes[0].html.slice(0, 200)}`), []);
    assert.ok(result.passes.length > 5, `${name}: the check must have looked at something`);
    await this.isReachable(name);
  }

  /** Whatever can be used is reached by keyboard and shows that it has the focus. */
  async isReachable(name) {
    const { unreached, unseen, looked } = await this.page.evaluate(controlsWithoutFocus);
    assert.deepEqual({ unreached, unseen }, { unreached: [], unseen: [] }, name);
    assert.ok(looked > 0, `${name}: the check must have looked at something`);
  }

  /** With MAILROOM_SCREENSHOTS set, leaves the picture that docs/station.md shows: few colours, so that it stays small. */
  async picture(name) {
    if (!process.env.MAILROOM_SCREENSHOTS) return;
    const folder = join(source, 'docs/screens');
    mkdirSync(folder, { recursive: true });
    await this.page.waitForTimeout(400);
    const path = join(folder, `${name}.png`);
    await this.page.screenshot({ path });
    execFileSync('pngquant', ['--force', '--strip', '--nofs', '--speed', '1', '--output', path, '64', '--', path]);
  }

  isContent() { assert.deepEqual(this.complaints, []); }
}
