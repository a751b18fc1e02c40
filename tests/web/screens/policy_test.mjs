// What the strict Content-Security-Policy and the rule "nothing from elsewhere" ask of the sources.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { screenFiles, screens } from './places.mjs';

const ours = ['.js', '.html', '.css', '.svg'].flatMap((ending) => screenFiles(ending)).filter((file) => !file.name.endsWith('.mjs'));

const forbidden = [
  ['an inline style', /\sstyle="|setAttribute\('style'/],
  ['an inline script', /<script(?![^>]*\ssrc=)|\son\w+="/],
  ['unchecked markup', /innerHTML|insertAdjacentHTML|unsafeHTML|document\.write/],
  ['code from text', /\beval\(|new Function\(/],
  ['an address elsewhere', /(?<!xmlns=")https?:\/\//],
];

test('no file of the screens holds what the policy forbids', () => {
  const found = forbidden.flatMap(([what, pattern]) => ours.filter((file) => pattern.test(file.text)).map((file) => `${file.name}: ${what}`));
  assert.deepEqual(found, []);
  assert.ok(ours.length > 30);
});

test('whatever a module imports is served', () => {
  const missing = [];
  const walk = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]));
  for (const file of walk(screens).filter((name) => name.endsWith('.js'))) {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(/\b(?:from|import)\s*\(?["']([\w@./-]+)["']/g)) {
      try { readFileSync(join(file, '..', name)); } catch { missing.push(`${file.slice(screens.length)} imports ${name}`); }
    }
  }
  assert.deepEqual(missing, []);
});

test('the lock file pins every package by its digest', () => {
  const lock = JSON.parse(screenFiles('package-lock.json')[0].text);
  const unpinned = Object.entries(lock.packages).filter(([name, entry]) => name && !entry.integrity?.startsWith('sha512-'));
  assert.deepEqual(unpinned.map(([name]) => name), []);
});
