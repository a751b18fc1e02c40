import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenModule } from './places.mjs';

const { boxBetween, boxOfValue, textIn, wordAt } = await screenModule('batch/text.js');
const words = [
  { text: 'Rechnung', box: [100, 100, 200, 40] },
  { text: 'Nr.', box: [320, 100, 60, 40] },
  { text: 'RE-2025-08675', box: [400, 100, 320, 40] },
  { text: 'Betrag', box: [100, 200, 150, 40] },
];

test('a lasso takes the words whose middle it holds, in reading order', () => {
  assert.equal(textIn(words, [300, 90, 500, 60]), 'Nr. RE-2025-08675');
  assert.equal(textIn(words, [90, 90, 400, 160]), 'Rechnung Nr. Betrag');
  assert.equal(textIn(words, [0, 400, 500, 100]), '');
});

test('a click takes the word under it, or nothing', () => {
  assert.equal(wordAt(words, [410, 120]).text, 'RE-2025-08675');
  assert.equal(wordAt(words, [310, 120]), undefined);
  assert.equal(wordAt([], [1, 1]), undefined);
});

test('a lasso may be drawn in any direction', () => {
  assert.deepEqual(boxBetween([300.4, 90], [100, 250.6]), [100, 90, 200, 161]);
});

test('a value is found where it stands, also in several words and as dates and amounts are written', () => {
  const letter = [...words, { text: '1.234,56', box: [300, 200, 120, 40] }, { text: 'DE89', box: [100, 300, 80, 30] }, { text: '3704', box: [190, 302, 80, 30] },
                  { text: 'vom', box: [10, 400, 60, 30] }, { text: '26.11.2026,', box: [80, 400, 200, 30] }];
  assert.deepEqual(boxOfValue(letter, 'RE-2025-08675'), [400, 100, 320, 40]);
  assert.deepEqual(boxOfValue(letter, '1234.56'), [300, 200, 120, 40]);
  assert.deepEqual(boxOfValue(letter, 'DE893704'), [100, 300, 170, 32]);
  assert.deepEqual(boxOfValue(letter, '2026-11-26'), [80, 400, 200, 30]);
  for (const value of ['', '...', 'Mahnung', 'Rechnung Betrag', 'Betra']) assert.equal(boxOfValue(letter, value), null, value);
});
