// A person answers what is in doubt about invoices: only those fields, beside the page; and sees the earlier one
// beside an invoice that comes again.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { executable, launch, patience, Person } from './browser.mjs';
import { source } from './places.mjs';
import { Scene, separator } from './scene.mjs';

const skip = executable ? false : '[skipped] Debian\'s chromium is not installed';
let scene, browser, maria;

const today = new Date();
const german = (date) => `${String(date.getDate()).padStart(2, '0')}.${String(date.getMonth() + 1).padStart(2, '0')}.${date.getFullYear()}`;
const iso = (date) => `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;

/** Made out to the city by a creditor it knows; without the lines of `leave`. */
function invoice(number, leave = []) {
  const lines = {
    buyer: 'Stadt Marburg', street: 'Markt 1', town: '35037 Marburg', gap1: '', title: 'Rechnung', number: `Rechnungsnummer: ${number}`,
    date: `Rechnungsdatum: ${german(today)}`, order: 'Bestellnummer: B-2026-00017', gap2: '',
    item: 'Hecken schneiden 100,00 EUR', net: 'Nettobetrag 100,00 EUR', vat: 'Umsatzsteuer 19 % 19,00 EUR', gross: 'Rechnungsbetrag 119,00 EUR', gap3: '',
    seller: 'Gärtnerei Müßiggang GmbH', seat: 'Gewerbepark Süd 7, 35999 Lahnfels',
    tax: 'Steuernummer: 031 234 56789', iban: 'IBAN: DE89 3704 0044 0532 0130 00', again: `Bitte geben Sie ${number} vom ${german(today)} an.`,
  };
  return Object.entries(lines).filter(([name]) => !leave.includes(name)).map(([, line]) => line).join('\n');
}

const sheet = (words) => [...separator('INV', '2000'), { words }, {}];

before(async () => {
  if (skip) return;
  scene = await Scene.start();
  await scene.tell('creditors');
  browser = await launch();
  maria = await Person.sitDown(browser, scene.url);
  await maria.logIn('weber');
}, { timeout: 120000 });

after(async () => {
  await browser?.close();
  await scene?.end();
});

/** Scans the invoice, confirms its document, and gives the batch's number. */
async function scan(words) {
  await scene.load('one', sheet(words));
  const number = await maria.scan();
  await maria.goTo('clarify');
  return number;
}

test('only what is in doubt is asked for, beside the page, and what is typed as people type goes to the payment', { skip, timeout: 2 * patience }, async () => {
  const batch = await scan(invoice('GM-4711', ['date', 'again']));
  await maria.see('mr-asked-fields [data-asked=invoice_date]');
  const asked = await maria.page.locator('[data-asked]').evaluateAll((inputs) => inputs.map((input) => input.dataset.asked));
  assert.ok(asked.includes('invoice_date') && asked.length <= 3, `asked are ${asked}`);
  assert.equal((await maria.text('.mr-question__text')).includes('_'), false, 'fields are named in words');
  await maria.isAccessible('doubtful fields');
  await maria.picture('rechnung-felder');
  await maria.page.locator('[data-asked=invoice_date] .mr-input').first().fill(german(today));
  await maria.page.keyboard.press('Tab');
  if (asked.includes('invoice_number')) await maria.page.locator('[data-asked=invoice_number]').fill('GM-4711');
  await maria.page.locator('.mr-arguments .kern-btn--primary').click();
  await maria.until((number) => fetch(`/api/v1/batches/${number}`).then((answer) => answer.json()).then((view) => view.clarifications.length === 0), batch);
  const view = await maria.ask(`/batches/${batch}`);
  const fields = Object.fromEntries(view.documents[0].fields.map((field) => [field.name, field]));
  assert.equal(fields.invoice_date.value, iso(today));
  assert.equal(fields.invoice_date.source, 'person');
  assert.equal(fields.order_number.value, 'B-2026-00017');
  await maria.goTo('batches', batch);
  await maria.see('.mr-sheet__image.is-loaded');
  await maria.press('Enter');  // her word that the document is complete
  await maria.until((number) => fetch(`/api/v1/batches/${number}`).then((answer) => answer.json()).then((now) => now.batch.state === 'released' || now.batch.state === 'finished'), batch);
});

test('an invoice that comes again is stopped, the earlier one beside it', { skip, timeout: 2 * patience }, async () => {
  const [earlier] = (await maria.ask('/documents?q=GM-4711')).documents;
  await scan(invoice('GM-4711'));
  await maria.see('.mr-earlier .mr-sheet__image.is-loaded');
  assert.ok((await maria.text('.mr-earlier h2')).includes(earlier.number));
  assert.equal(await maria.count('.mr-batch__page mr-sheet'), 2);
  await maria.isAccessible('duplicate');
  await maria.picture('rechnung-doppelt');
  maria.isContent();
});

test('the document says which record of vouchers it belongs to', { skip, timeout: patience }, async () => {
  const [document] = (await maria.ask('/documents?q=GM-4711')).documents;
  await maria.goTo('find', document.number);
  await maria.see('.mr-timeline');
  assert.ok((await maria.text('.mr-find__columns')).includes('Bestellung B-2026-00017'));
});

test('a received file is leafed through with keys, and its deadlines are listed', { skip, timeout: 2 * patience }, async () => {
  const file = join(scene.folder, 'rechnung.xml');
  const due = new Date(today.getTime() + 20 * 86400000);
  const xml = readFileSync(join(source, '.ci/sample-xrechnung.xml'), 'utf8');
  writeFileSync(file, xml.replaceAll('@NUMBER@', 'GM-4712').replaceAll('@DATE@', iso(today)).replaceAll('@DUE@', iso(due)));
  await scene.tell('receive', file);
  const find = async () => (await maria.ask('/documents?q=GM-4712')).documents[0];
  let document;
  for (let tries = 0; tries < 100 && !document; tries += 1) {
    await maria.page.waitForTimeout(300);
    document = await find();
  }
  await maria.goTo('batches', document.batch_number);
  await maria.until(() => document.querySelector('.mr-sheet__bar [role=status]')?.textContent.startsWith('Teil 1 von'));
  await maria.press('.');
  await maria.until(() => document.querySelector('.mr-sheet__image.is-loaded')?.src.includes('part=2'));
  await maria.isAccessible('received file');
  await maria.press(',');
  await maria.until(() => document.querySelector('.mr-sheet__image.is-loaded') && !document.querySelector('.mr-sheet__image').src.includes('part='));
  await maria.goTo('find', 'deadlines');
  await maria.until(() => document.querySelector('mr-deadlines tbody')?.textContent.includes('GM-4712'));
  assert.ok((await maria.text('mr-deadlines table')).includes('Skonto'));
  await maria.isAccessible('deadlines');
  await maria.picture('zahlungsfristen');
  maria.isContent();
});

/** An e-mail with the words as a PDF of one page. */
async function mailWith(words) {
  const page = await browser.newPage();
  await page.setContent(`<pre style="font: 15px sans-serif; line-height: 1.6">${words}</pre>`);
  const pdf = await page.pdf({ format: 'A4', margin: { top: '25mm', left: '25mm' } });
  await page.close();
  const lines = pdf.toString('base64').match(/.{1,76}/g).join('\r\n');
  return ['From: rechnung@gaertnerei.example', 'To: post@stadt.example', 'Subject: Rechnung', 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=x', '',
          '--x', 'Content-Type: text/plain', '', 'Anbei.', '--x', 'Content-Type: application/pdf; name=r.pdf', 'Content-Transfer-Encoding: base64', '', lines, '--x--', ''].join('\r\n');
}

test('an invoice printed in a PDF that came by e-mail is shown with the places in question', { skip, timeout: 2 * patience }, async () => {
  const file = join(scene.folder, 'rechnung.eml');
  writeFileSync(file, await mailWith(invoice('GM-4713', ['date', 'again'])));
  await scene.tell('receive', file);
  let question;
  for (let tries = 0; tries < 200 && !question; tries += 1) {
    await maria.page.waitForTimeout(300);
    question = (await maria.ask('/clarifications')).clarifications.find((open) => open.reason === 'invoice_fields');
  }
  const place = question.evidence.find((one) => one.field === 'invoice_number');
  assert.equal(place.part, 1);
  assert.ok(place.box[2] > 20 && place.box[0] + place.box[2] < 1240 && place.box[1] < 1754, `the box is ${place.box}`);
  await maria.goTo('clarify');
  await maria.page.locator('.mr-item', { hasText: 'Rechnungsnummer' }).click();
  await maria.see('.mr-sheet__image.is-loaded');
  await maria.see('.mr-place');
  await maria.picture('rechnung-mail');
  maria.isContent();
});
