import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenModule } from './places.mjs';

const { daysAfter, readDate, shownDate } = await screenModule('base/dates.js');
const today = '2026-11-26';

test('a date is read however people type it', () => {
  for (const text of ['26.11.2026', '26.11.26', '26.11.', '26.11', '26 11', '26', '26.', '2611', '261126', '26112026', '26/11/2026', ' 2026-11-26 ']) {
    assert.equal(readDate(text, today), today, text);
  }
  assert.equal(readDate('1.2.', today), '2026-02-01');
  assert.equal(readDate('3', today), '2026-11-03');
  assert.equal(readDate('29.2.2028', today), '2028-02-29');
});

test('what is no date is none', () => {
  for (const text of ['', '29.2.2026', '31.4.', '0.1.', '1.13.2026', '26.11.202', 'heute', '1e3', '2026-11', '99999999', '-1']) {
    assert.equal(readDate(text, today), null, text);
  }
});

test('a date is shown in the language, and what is shown is read as the same date', () => {
  assert.equal(shownDate(today, 'de'), '26.11.2026');
  assert.equal(shownDate(today, 'en'), today);
  assert.equal(shownDate('', 'de'), '');
  for (let day = 0; day < 800; day += 1) {
    const date = daysAfter('2027-12-31', day);
    for (const language of ['de', 'en']) assert.equal(readDate(shownDate(date, language), today), date);
  }
});

test('a day on or back goes over the ends of months', () => {
  assert.equal(daysAfter('2026-12-31', 1), '2027-01-01');
  assert.equal(daysAfter('2028-03-01', -1), '2028-02-29');
});
