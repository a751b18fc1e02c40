// The words of the kiosk: complete in every language, and plain German that is plain.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(process.env.MAILROOM_SOURCE, 'daemon/web/kiosk/words');
const languages = readdirSync(folder).map((name) => [name.replace('.json', ''), JSON.parse(readFileSync(join(folder, name), 'utf8'))]);
const german = languages.find(([name]) => name === 'de')[1];
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test('every language has every word, with the same places', () => {
  for (const [name, words] of languages) {
    assert.deepEqual(Object.keys(words).sort(), Object.keys(german).sort(), name);
    for (const [key, text] of Object.entries(words)) {
      assert.ok(text.trim(), `${name} ${key}`);
      for (const place of places(text)) assert.ok(places(german[key]).includes(place), `${name} ${key} {${place}}`);
    }
  }
});

test('plain German has short sentences of one statement', () => {
  const plain = languages.find(([name]) => name === 'leicht')[1];
  for (const [key, text] of Object.entries(plain)) {
    for (const sentence of text.split(/[.?!:]\s+/)) assert.ok(sentence.split(/\s+/).length <= 12, `${key}: ${sentence}`);
    assert.ok(!/;|obwohl|welche[rs]?|sodass|indem|bezüglich/.test(text), `${key}: ${text}`);
  }
});

test('every fault of a reading that a citizen can meet has its words', () => {
  const page = readFileSync(join(process.env.MAILROOM_SOURCE, 'docs/formats/card-reading.md'), 'utf8');
  const faults = [...page.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  for (const fault of ['no_card', 'card_lost', 'wrong_pin', 'pin_suspended', 'pin_blocked', 'pin_deactivated', 'transport_pin', 'card_expired', 'not_an_eid_card']) {
    assert.ok(faults.includes(fault), fault);
    assert.ok(german[`fault.${fault}`], fault);
  }
});
