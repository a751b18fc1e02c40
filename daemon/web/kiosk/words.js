// The words in the chosen language. words/languages.json names the languages there are: one more is one more file.

let words = {};
let fallback = {};
export let languages = [];
export let language = 'de';

const load = async (name) => (await fetch(`/words/${name}.json`)).json();

export async function loadLanguages() {
  const names = await load('languages');
  const all = await Promise.all(names.map(async (name) => ({ name, words: await load(name) })));
  const order = ['de', 'en', 'leicht'];
  const place = (name) => (order.includes(name) ? order.indexOf(name) : order.length);
  languages = all.sort((a, b) => place(a.name) - place(b.name) || a.name.localeCompare(b.name));
  fallback = languages.find((one) => one.name === 'de').words;
  choose('de');
}

export function choose(name) {
  const found = languages.find((one) => one.name === name) ?? languages[0];
  words = found.words;
  language = found.name;
  document.documentElement.lang = words['language.code'];
  document.documentElement.dir = words['language.direction'];
}

/** The text of `key`, its {places} filled. */
export function t(key, values = {}) {
  const text = words[key] ?? fallback[key] ?? key;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
}
export const has = (key) => words[key] !== undefined || fallback[key] !== undefined;

/** The words of the configuration in this language: plain German falls back to German, others to English. */
export function of(texts) {
  return texts?.[language] ?? (language === 'leicht' ? texts?.de : texts?.en) ?? texts?.de ?? '';
}

export const money = (cents) => new Intl.NumberFormat(words['language.code'], { style: 'currency', currency: 'EUR' }).format(cents / 100);
export const day = (iso) => new Intl.DateTimeFormat(words['language.code'], { dateStyle: 'long' }).format(new Date(iso.length === 10 ? `${iso}T12:00:00` : iso));
export const moment = (iso) => new Intl.DateTimeFormat(words['language.code'], { dateStyle: 'medium', timeStyle: 'short' }).format(new Date(iso));
export const code = () => (language === 'leicht' ? 'leicht' : words['language.code']);
