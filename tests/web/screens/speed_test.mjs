// What the screens must reach: key presses, thumbnails, long batches. Figures are printed with the result.
import assert from 'node:assert/strict';
import { readdirSync, statSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Person, executable, launch } from './browser.mjs';
import { Scene, letter, letters, separator } from './scene.mjs';

if (!executable) {
  console.log('[skipped] Chromium is not installed');
  process.exit(0);
}

let scene;
let browser;
let weber;

before(async () => {
  scene = await Scene.start();
  browser = await launch();
  weber = await Person.sitDown(browser, scene.url);
  await weber.logIn('weber');
});
after(async () => {
  await browser?.close();
  await scene?.end();
});

/** How much longer than on an idle machine things take now: the load per core, at least 1. */
function patienceFactor() { return Math.max(1, loadavg()[0] / cpus().length); }

/** Milliseconds of CPU time of every task of the page's main thread while `work` runs. */
async function tasksDuring(work) {
  const tracing = await browser.newBrowserCDPSession();
  const events = [];
  tracing.on('Tracing.dataCollected', ({ value }) => events.push(...value));
  await tracing.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', '__metadata'] } });
  await work();
  const complete = new Promise((resolve) => { tracing.once('Tracing.tracingComplete', resolve); });
  await tracing.send('Tracing.end');
  await complete;
  await tracing.detach();
  const thread = (event) => `${event.pid}:${event.tid}`;
  const main = new Set(events.filter((event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain').map(thread));
  return events.filter((event) => event.name === 'ThreadControllerImpl::RunTask' && main.has(thread(event)) && event.tdur !== undefined).map((event) => event.tdur / 1000);
}

/** When each side was durable, by "sheet-side". */
function spooled(batch) {
  const folder = join(scene.folder, 'data/spool', batch);
  return new Map(readdirSync(folder).filter((name) => /^\d/.test(name)).map((name) => {
    const [, sheet, side] = name.match(/^(\d+)-(\w+)\./);
    return [`${Number(sheet)}-${side}`, statSync(join(folder, name)).mtimeMs];
  }));
}

test('a thumbnail is visible at most a second after its page was delivered', async (context) => {
  await scene.load('one', [...separator('LET', '3300'), ...Array.from({ length: 6 }, (_, index) => letter(`Brief ${index}`, 'Text')).flat()]);
  await weber.page.evaluate(() => {
    globalThis.seen = {};
    document.addEventListener('load', (event) => {
      const side = event.target.closest?.('.mr-side');
      if (side) globalThis.seen[event.target.src] ??= { name: event.target.alt, at: Date.now() };
    }, true);
  });
  const number = await weber.scan();
  await weber.until(() => document.querySelectorAll('.mr-side').length === 14);
  await weber.until(() => Object.keys(globalThis.seen).length >= 14);
  const view = await weber.ask(`/batches/${number}`);
  const durable = spooled(view.batch.id);
  const seen = await weber.page.evaluate(() => Object.values(globalThis.seen));
  const delays = seen.map(({ name, at }) => {
    const [, sheet, side] = name.match(/Blatt (\d+), (\w+)/);
    return at - durable.get(`${sheet}-${side === 'Vorderseite' ? 'front' : 'back'}`);
  });
  context.diagnostic(`slowest of ${delays.length} thumbnails: ${Math.round(Math.max(...delays))} ms`);
  assert.ok(Math.max(...delays) < 1000 * patienceFactor(), `${delays.map(Math.round)} ms`);
});

test('a clean batch of 50 documents is confirmed with at most 60 key presses', async (context) => {
  await scene.load('one', letters(50));
  await weber.goTo('batches');
  weber.keys = 0;
  const number = await weber.scan();
  await weber.press('o');
  await weber.until(() => document.querySelector('mr-batch')?.view?.documents.length === 50 &&
    document.querySelector('mr-batch').view.pages.every((page) => page.read), undefined, 240000);  // reading is not what is measured
  for (let documents = 0; documents < 50; documents += 1) await weber.press('Enter');
  await weber.see('.mr-done');
  context.diagnostic(`${weber.keys} key presses`);
  assert.ok(weber.keys <= 60, `${weber.keys} key presses`);
  const view = await weber.ask(`/batches/${number}`);
  assert.ok(view.documents.every((document) => document.confirmed));
});

test('a batch of 500 pages opens in under a second and scrolls without a task above 50 ms', async (context) => {
  const sheets = Array.from({ length: 250 }, (_, index) => (index % 25 === 0 ? [{ words: `Brief ${index}` }, {}] : [{}, {}])).flat();
  await scene.load('two', sheets);
  await weber.goTo('batches');
  await weber.goTo('scan');
  await weber.see('.mr-profile');
  await weber.page.locator('.mr-scan__order select').first().selectOption('two');
  await weber.press('1');
  await weber.page.locator('.mr-scan__order .kern-btn--primary').click();
  await weber.see('.mr-scan__stack a.kern-btn', { timeout: 90000 });
  const number = await weber.text('.mr-head .mr-number');
  await weber.until(async (address) => (await (await fetch(address)).json()).pages.every((page) => page.read), `/api/v1/batches/${number}`, 90000);
  await weber.goTo('batches');
  await weber.see('mr-batches tbody tr');
  const opened = await weber.page.evaluate(async (hash) => {
    const start = performance.now();
    location.hash = hash;
    while (!document.querySelector('.mr-tile img')?.complete) await new Promise(requestAnimationFrame);
    return performance.now() - start;
  }, `#/batches/${number}`);
  assert.equal(await weber.page.evaluate(() => document.querySelector('mr-batch').view.pages.length), 500);
  const tasks = await tasksDuring(() => weber.page.evaluate(async () => {
    const strips = document.querySelector('mr-strips');
    for (let top = 0; top < strips.scrollHeight; top += 120) {
      strips.scrollTop = top;
      await new Promise(requestAnimationFrame);
    }
  }));
  context.diagnostic(`opened in ${Math.round(opened)} ms, longest of ${tasks.length} tasks while scrolling ${Math.round(Math.max(...tasks))} ms`);
  assert.ok(tasks.length > 100, 'scrolling makes the page work');
  assert.ok(Math.max(...tasks) < 50, `${tasks.filter((task) => task >= 50)} ms`);
  assert.ok(opened < 1000 * patienceFactor(), `${opened} ms`);
  weber.isContent();
});
