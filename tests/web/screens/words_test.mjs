import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenFiles, screenModule, source } from './places.mjs';

const wordsOf = (language) => JSON.parse(readFileSync(join(source, `daemon/web/screens/words/${language}.json`), 'utf8'));
const german = wordsOf('de');
const english = wordsOf('en');
const code = screenFiles('.js').map((file) => file.text).join('\n');
const texts = (value) => (typeof value === 'object' ? Object.values(value) : [value]);
const placesIn = (value) => [...new Set(texts(value).flatMap((text) => text.match(/\{\w+\}/g) ?? []))].filter((place) => place !== '{n}').sort();

/** Keys that are put together at run time, such as `state.batch.${state}`. */
const composed = [...code.matchAll(/`([a-z]+\.[a-z_.]*)\$\{/g)].map((match) => match[1]);

test('both languages say the same things', () => {
  assert.deepEqual(Object.keys(english), Object.keys(german));
  for (const key of Object.keys(german)) {
    assert.equal(typeof english[key], typeof german[key], key);
    assert.deepEqual(placesIn(english[key]), placesIn(german[key]), key);
  }
});

test('every text that a screen asks for is there', () => {
  const literal = [...code.matchAll(/\b(?:t|tOr)\('([a-z_]+\.[a-z_.]+)'/g), ...code.matchAll(/(?:label: |\['|choice\(|select\(|text\('\w+', |tool\('\w', )'?([a-z]+\.[a-z_]+)'/g)];
  const missing = literal.map((match) => match[1]).filter((key) => !(key in german));
  assert.deepEqual([...new Set(missing)], []);
  assert.ok(literal.length > 250, 'the search for keys must find them');
});

test('no text is left over', () => {
  const unused = Object.keys(german).filter((key) => !code.includes(`'${key}'`) && !composed.some((start) => start && key.startsWith(start)));
  assert.deepEqual(unused, []);
});

test('what can be one or many has both forms, and numbers and dates are of the language', async () => {
  for (const words of [german, english]) {
    for (const [key, value] of Object.entries(words)) {
      if (typeof value === 'object') assert.ok(value.one && value.other, key);
    }
  }
  const stored = new Map();
  globalThis.localStorage = { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) };
  globalThis.document = { documentElement: {} };
  globalThis.fetch = async (path) => new Response(readFileSync(join(source, 'daemon/web/screens', path)));
  const words = await screenModule('base/words.js');
  await words.loadWords('de');
  assert.equal(words.t('count.documents', { n: 1 }), '1 Dokument');
  assert.equal(words.t('count.documents', { n: 1234 }), '1.234 Dokumente');
  assert.equal(words.t('count.documents', { n: 0 }), 'kein Dokument');
  assert.equal(words.day('2026-11-24'), '24.11.2026');
  assert.equal(words.ago('2026-11-24T10:00:00Z', Date.parse('2026-11-24T10:05:30Z')), 'vor 5 Minuten');
  await words.loadWords('en');
  assert.equal(words.t('count.documents', { n: 1234 }), '1,234 documents');
  assert.equal(words.day('2026-11-24'), 'Nov 24, 2026');
  assert.equal(words.ago('2026-11-23T09:00:00Z', Date.parse('2026-11-24T10:00:00Z')), 'yesterday');
});
