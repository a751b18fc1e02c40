import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenModule } from './places.mjs';

const { boxBetween, textIn, wordAt } = await screenModule('batch/text.js');
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
