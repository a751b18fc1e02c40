// A working day in small: real daemon, virtual scanner, broker, recipients, and Debian's Chromium.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
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
let batch = '';

before(async () => {
  scene = await Scene.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await scene?.end();
});

const sitDown = async (user) => {
  const person = await Person.sitDown(browser, scene.url);
  await person.logIn(user);
  return person;
};
const heads = (person) => person.count('.mr-doc-head:not(.mr-doc-head--none)');
const stateOf = async (person, number) => (await person.ask(`/batches/${number}`)).batch.state;

/** Waits until the batch at this number is in `state`. */
async function reaches(person, number, state) {
  await person.until(async ([address, wanted]) => {
    const answer = await (await fetch(address)).json();
    return answer.batch?.state === wanted;
  }, [`/api/v1/batches/${number}`, state], 60000);
}

test('a wrong password says so, the right one opens the station', async () => {
  weber = await Person.sitDown(browser, scene.url);
  await weber.page.goto(scene.url);
  await weber.see('mr-login-form');
  await weber.isAccessible('login');
  await weber.picture('anmeldung');
  await weber.page.fill('[name=user]', 'weber');
  await weber.page.fill('[name=password]', 'falsch');
  await weber.press('Enter');
  assert.match(await weber.text('.mr-failure'), /stimmt nicht/);
  await weber.logIn('weber');
  assert.equal(await weber.text('main h1'), 'Scannen');
  assert.equal(await weber.count('.mr-rail a[href="#/admin"]'), 0, 'an operator does not administer');
});

test('two keys start a batch; a jam is told in words and a picture, Enter feeds on', async () => {
  await scene.load('one', [
    ...separator('LET', '3300'), ...letter('Antrag auf einen Ausweis', 'hiermit beantrage ich einen Ausweis.'), ...letter('Anlage', 'siehe oben'),
    ...separator('APP', '5000'), ...letter('Antrag auf Wohngeld', 'hiermit beantrage ich Wohngeld.'),
    ...separator('DLN', '3300'), ...letter('Lieferschein 99', 'zehn Ordner')]);
  await scene.tell('fault', 'one', '4:jam');
  await weber.goTo('scan');
  await weber.see('.mr-profile');
  await weber.isAccessible('scan');
  await weber.picture('scannen');
  await weber.page.fill('.mr-scan__order [inputmode=numeric]', '8');
  await weber.page.locator('main h1').click();
  await weber.press('1', 'Enter');
  await weber.see('.mr-fault');
  assert.match(await weber.text('.mr-fault__text'), /4/);
  assert.equal(await weber.count('.mr-fault svg[role=img]'), 1);
  await weber.isAccessible('fault');
  await weber.picture('stoerung');
  await weber.press('Enter');
  await weber.see('.mr-scan__stack a.kern-btn');
  assert.equal(await weber.count('.mr-side'), 14);
  batch = await weber.text('.mr-head .mr-number');
  await weber.isAccessible('scanned');
});

test('a document is split and joined, pages are turned and set aside, and each step is undone', async () => {
  await weber.press('o');
  await weber.see('.mr-doc-head');
  await weber.until(() => document.querySelectorAll('.mr-doc-head').length === 3);
  await weber.see('.mr-sheet__image.is-loaded');
  await weber.isAccessible('batch');
  await weber.picture('stapel');
  const current = () => weber.page.evaluate(() => document.querySelector('.mr-tile.is-current').dataset.page);
  const documents = async (count) => weber.until((wanted) => document.querySelectorAll('.mr-doc-head:not(.mr-doc-head--none)').length === wanted, count);
  await weber.page.locator('.mr-tile:not(.mr-tile--aside)').nth(1).click();
  const second = await current();
  await weber.press('s');
  await documents(4);
  assert.equal(await current(), second);
  await weber.press('m');
  await documents(3);
  await weber.press('s');
  await documents(4);
  await weber.press('u');
  await documents(3);
  const rotation = async () => (await weber.ask(`/batches/${batch}`)).pages.find((page) => page.id === second).rotation;
  const before = await rotation();
  await weber.press('r');
  await weber.until(([id, degrees]) => document.querySelector(`[data-page="${id}"] img`)?.src.endsWith(`rotation=${degrees}`), [second, (before + 90) % 360]);
  await weber.press('u');
  await weber.until(([id, degrees]) => document.querySelector(`[data-page="${id}"] img`)?.src.endsWith(`rotation=${degrees}`), [second, before]);
  await weber.press('x');
  await weber.until((id) => document.querySelector(`[data-page="${id}"]`)?.classList.contains('mr-tile--aside'), second);
  await weber.press('x');
  await weber.until((id) => !document.querySelector(`[data-page="${id}"]`)?.classList.contains('mr-tile--aside'), second);
});

test('class, department and priority are chosen by keys', async () => {
  const chosen = await weber.page.evaluate(() => [...document.querySelectorAll('.mr-class')].findIndex((button) => button.innerText.includes('Antrag')) + 1);
  await weber.press(String(chosen));
  await weber.see('.mr-class[aria-pressed=true] >> text=Antrag');
  await weber.press('d');
  await weber.see('.mr-picker[open]');
  await weber.isAccessible('picker');
  await weber.page.keyboard.type('sozial');
  await weber.press('Enter');
  await weber.until(() => document.querySelector('.mr-input--button').innerText.includes('Soziale'));
  await weber.press('p');
  await weber.see('.mr-doc-head .mr-tag--urgent');
  await weber.press('?');
  await weber.see('mr-help dialog[open]');
  await weber.isAccessible('help');
  await weber.picture('tasten');
  await weber.press('Escape');
});

test('sheets that do not add up are a question with its answers as buttons', async () => {
  await weber.goTo('clarify');
  await weber.see('mr-question');
  await weber.see('.mr-sheet__image.is-loaded');
  await weber.isAccessible('clarify');
  await weber.picture('klaeren');
  for (let open = await weber.count('.mr-queue .mr-item'); open > 0; open -= 1) {
    await weber.press('1');
    if (await weber.count('.mr-arguments input[required]')) {
      await weber.page.fill('.mr-arguments input[required]', '7');
      await weber.press('Enter');
    }
    await weber.until((before) => document.querySelectorAll('.mr-queue .mr-item').length < before, open);
  }
  await weber.see('text=Nichts zu klären');
});

test('Enter confirms document by document; the batch leaves and each document is found', async () => {
  await weber.goTo('batches', batch);
  await weber.see('.mr-confirm');
  for (let documents = 0; documents < 3; documents += 1) {
    await weber.press('Enter');
    await weber.until((count) => document.querySelectorAll('.mr-doc-head .mr-tag--done').length >= count, documents + 1);
  }
  await weber.see('.mr-done');
  await weber.goTo('find');
  await weber.until(() => document.querySelectorAll('.mr-find tbody tr').length >= 2, undefined, 60000);
  await weber.page.fill('[name=q]', `${batch}-1`);
  await weber.until((number) => document.querySelector('.mr-find tbody tr a')?.innerText === number, `${batch}-1`);
  await weber.page.locator('.mr-find tbody tr').first().click();
  await weber.see('.mr-timeline__step--stored', { timeout: 60000 });
  await weber.isAccessible('find');
  await weber.picture('suchen');
});

test('what a recipient returns is a question again, and leaves as another document', async () => {
  await weber.goTo('clarify');
  await weber.see('mr-question', { timeout: 60000 });
  assert.match(await weber.text('mr-question'), /nimmt es nicht an/);
  await weber.press('1');
  await weber.page.locator('.mr-arguments select').first().selectOption('letter');
  await weber.page.locator('.mr-arguments button').click();
  await weber.see('text=Nichts zu klären');
  await reaches(weber, batch, 'finished');
  const answer = await weber.ask(`/documents?batch=${batch}`);
  assert.ok(answer.documents.some((document) => document.supersedes), 'the new document names the one it replaces');
});

test('another person checks every image of a deed before it leaves', async () => {
  await scene.load('one', letters(1, 'DEE', '3400'));
  const deed = await weber.scan();
  await weber.press('o');
  await weber.see('.mr-confirm:not([disabled])');
  await weber.press('Enter');
  await weber.until(() => document.querySelector('.mr-doc-head .mr-tag--done'));
  assert.notEqual(await stateOf(weber, deed), 'finished');
  const schmidt = await sitDown('schmidt');
  await schmidt.goTo('quality');
  await schmidt.see('.mr-sheet__image.is-loaded');
  await schmidt.isAccessible('quality');
  await schmidt.picture('pruefen');
  await schmidt.press('w');
  await schmidt.page.locator('button >> text=Seiten neu scannen lassen').click();
  await weber.see('.mr-doc-head >> text=beanstandet');
  await weber.see('.mr-tile--failed');
  await weber.see('.mr-batch__side >> text=neu zu scannen');
  await weber.isAccessible('objection');
  await schmidt.until(() => document.querySelector('mr-quality').view?.documents[0].quality === 'rejected');
  await schmidt.press('Enter');
  await schmidt.see('text=Nichts zu prüfen');
  await reaches(weber, deed, 'finished');
  schmidt.isContent();
  await schmidt.context.close();
});

test('a box of paper waits until it may be destroyed', async () => {
  await weber.goTo('originals');
  await weber.page.fill('[name=label]', 'Kalenderwoche 48');
  await weber.page.locator('.mr-new-box button').first().click();
  await weber.see('.mr-item.is-current');
  await weber.page.fill('[placeholder="26-00001"]', batch);
  await weber.press('Enter');
  await weber.see(`.mr-chips >> text=${batch}`);
  assert.ok(await weber.count('.mr-blocked li') > 0, 'the reasons are said');
  await weber.isAccessible('originals');
  await weber.picture('originale');
});

test('wrongly opened mail goes for good by the word of two persons', async () => {
  await weber.goTo('find', `${batch}-1`);
  await weber.page.locator('.mr-find a >> text=Löschen beantragen').click();
  await weber.see('mr-erasures form');
  assert.equal(await weber.page.inputValue('[name=subject]'), `${batch}-1`);
  await weber.page.locator('mr-erasures form button').click();
  await weber.see('mr-erasures >> text=wartet auf eine andere Person');
  const schmidt = await sitDown('schmidt');
  await schmidt.goTo('find', 'erasures');
  await schmidt.page.locator('mr-erasures td button >> text=Endgültig löschen').click();
  await schmidt.see('#erase[open]');
  await schmidt.isAccessible('erasure');
  await schmidt.picture('loeschen');
  await schmidt.page.locator('#erase button >> text=Endgültig löschen').click();
  await schmidt.see('mr-erasures td >> text=gelöscht');
  await schmidt.goTo('find', `${batch}-1`);
  await schmidt.see('.mr-timeline__step--erased');
  assert.equal(await schmidt.count('.mr-contents li'), 0, 'no content is left');
  await schmidt.goTo('find', 'undelivered');
  await schmidt.see('mr-undelivered >> text=Keine abgelehnten Meldungen');
  await schmidt.isAccessible('undelivered');
  schmidt.isContent();
  await schmidt.context.close();
});

test('the administrator sees the machine, users and figures, and no content', async () => {
  const krause = await sitDown('krause');
  assert.equal(await krause.count('.mr-rail a[href="#/batches"]'), 0);
  for (const [part, name] of [['health', 'zustand'], ['users', 'benutzer'], ['figures', 'bericht'], ['configuration', 'konfiguration']]) {
    await krause.goTo('admin', part);
    await krause.see(`.mr-tabs a[aria-current=page][href="#/admin/${part}"]`);
    await krause.see({ health: '.mr-halves table td', users: 'mr-users td', figures: 'mr-figures .mr-notice', configuration: '.mr-tree dl' }[part]);
    await krause.isAccessible(part);
    await krause.picture(`verwaltung-${name}`);
  }
  await krause.goTo('admin', 'configuration');
  const [download] = await Promise.all([krause.page.waitForEvent('download'), krause.page.locator('a[download]').click()]);
  assert.equal(readFileSync(await download.path()).subarray(0, 5).toString(), '%PDF-');
  await krause.goTo('admin', 'figures');
  assert.match(await krause.text('.mr-notice'), /nie nach Personen/);
  krause.isContent();
  await krause.context.close();
});

test('it speaks English, is dark and of high contrast, and nothing on the way broke a rule', async () => {
  await weber.page.locator('.mr-rail__item >> text=Maria Weber').click();
  await weber.isAccessible('settings');
  for (const theme of ['dark', 'contrast', 'light']) {
    await weber.page.locator('mr-settings select').nth(1).selectOption(theme);
    await weber.isAccessible(theme);
  }
  await weber.page.locator('mr-settings select').first().selectOption('en');
  await weber.see('.mr-rail >> text=Originals');
  assert.equal(await weber.page.getAttribute('html', 'lang'), 'en');
  weber.isContent();
});
