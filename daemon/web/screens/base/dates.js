// Dates as people type them. Pure functions; the browser's own field follows the browser's language, not ours.

/** "26.11.2026" in German, the ISO date itself in English. */
export function shownDate(iso, language) {
  if (!iso) return '';
  return language === 'de' ? iso.split('-').reverse().join('.') : iso;
}

/**
 * The ISO date that `text` means, null when it means none. Day before month; what is left out is of `today`:
 * "26.11.2026", "26.11.", "26", "261126", "26112026", "2026-11-26".
 */
export function readDate(text, today) {
  const iso = text.trim().match(/^(\d{4})-(\d{1,2})-(\d{1,2})$/);
  if (iso) return existing(iso[1], iso[2], iso[3]);
  const parts = text.trim().match(/^(\d{1,2})(?:[./ ]+(\d{1,2})(?:[./ ]+(\d{2}|\d{4}))?)?[./ ]*$/) ??
    text.trim().match(/^(\d{2})(\d{2})(\d{4}|\d{2})?$/);
  if (!parts) return null;
  const [year, month] = today.split('-');
  const whole = parts[3]?.length === 2 ? `${year.slice(0, 2)}${parts[3]}` : parts[3];
  return existing(whole ?? year, parts[2] ?? month, parts[1]);
}

/** The date so many days later. */
export function daysAfter(iso, days) {
  const date = new Date(`${iso}T12:00:00Z`);
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

function existing(year, month, day) {
  const iso = [year, month.padStart(2, '0'), day.padStart(2, '0')].join('-');
  const date = new Date(`${iso}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === iso ? iso : null;
}
