// The words of the screens in the chosen language: words/de.json and words/en.json.
// A value is a text with {places}, or an object of plural forms chosen by {n}: { one, other, zero? }.

const languages = ['de', 'en'];
let words = {};
let language = 'de';
let plural = new Intl.PluralRules('de');

export function currentLanguage() { return language; }

export function chosenLanguage() {
  const stored = localStorage.getItem('mailroom.language');
  return languages.includes(stored) ? stored : 'de';
}

export async function loadWords(wanted) {
  const response = await fetched(`/words/${wanted}.json`);
  if (!response.ok) throw new Error(`the words of the language ${wanted} are missing`);
  words = await response.json();
  language = wanted;
  plural = new Intl.PluralRules(wanted);
  document.documentElement.lang = wanted;
  localStorage.setItem('mailroom.language', wanted);
}

/** Waits out a lost connection. */
async function fetched(path) {
  for (;;) {
    try {
      return await fetch(path);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

/** The text of `key`, its {places} filled from `values`; an unknown key is shown as it is. */
export function t(key, values = {}) {
  let text = words[key];
  if (text === undefined) return key;
  if (typeof text === 'object') {
    text = (values.n === 0 && text.zero) || text[plural.select(values.n)] || text.other;
  }
  return text.replace(/\{(\w+)\}/g, (_, name) => formatted(values[name]));
}

/** The text of `key` when there is one, else `otherwise`: for names that the daemon may add to. */
export function tOr(key, otherwise) { return words[key] === undefined ? otherwise : t(key); }

/** The name of something that carries name_de and name_en. */
export function nameOf(thing) { return thing?.[`name_${language}`] ?? thing?.name_de ?? thing?.id ?? ''; }

/** The text of something that carries text_de and text_en. */
export function textOf(thing) { return thing?.[`text_${language}`] ?? thing?.text_de ?? ''; }

function formatted(value) {
  if (value === undefined || value === null) return '';
  return typeof value === 'number' ? number(value) : String(value);
}

export function number(value) { return new Intl.NumberFormat(language).format(value); }

/** "1.530,00 €" of a decimal with a point. */
export function amount(decimal) { return new Intl.NumberFormat(language, { style: 'currency', currency: 'EUR' }).format(Number(decimal)); }

export function percent(share) {
  return new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 }).format(share);
}

/** "24.11.2026" of an ISO date or time. */
export function day(iso) {
  if (!iso) return '';
  const date = iso.length === 10 ? new Date(`${iso}T12:00:00`) : new Date(iso);
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(date);
}

export function clock(iso) {
  return iso ? new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso)) : '';
}

/** Day and time; the day is left out when it is today. */
export function moment(iso) {
  if (!iso) return '';
  const isToday = new Date(iso).toDateString() === new Date().toDateString();
  return isToday ? clock(iso) : `${day(iso)}, ${clock(iso)}`;
}

/** How long ago: "vor 5 Minuten". */
export function ago(iso, now = Date.now()) {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const units = [['day', 86400], ['hour', 3600], ['minute', 60]];
  const [unit, size] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1];
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(Math.trunc(seconds / size), unit);
}

export function bytes(size) {
  const steps = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  const step = size > 0 ? Math.min(Math.floor(Math.log2(size) / 10), steps.length - 1) : 0;
  const value = size / 2 ** (10 * step);
  return `${new Intl.NumberFormat(language, { maximumFractionDigits: value < 10 ? 1 : 0 }).format(value)} ${steps[step]}`;
}

/** Today in the local time zone as an ISO date. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, '0')).join('-');
}
