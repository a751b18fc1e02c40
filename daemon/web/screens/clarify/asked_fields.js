// The fields that a question is about, and no others: each with the value that was read, to be compared with the
// page beside it. Emits "field-focused" { name } so that the page shows where the value stands.

import { html, Screen } from '../base/screen.js';
import { readDate } from '../base/dates.js';
import { currentLanguage, t, today, tOr } from '../base/words.js';
import '../base/date.js';

const isAmount = (name) => name.endsWith('_amount');
const isDate = (name) => name.endsWith('_date');
const isCode = (name) => ['iban', 'bic', 'seller_vat_id'].includes(name);

/** "1.530,00" or "1 530,00 EUR" as the daemon wants it: "1530.00". What is no amount stays as it is. */
export function asAmount(typed) {
  const plain = typed.replace(/(EUR|€)/i, '').replace(/\s/g, '');
  const german = plain.includes(',') ? plain.replaceAll('.', '').replace(',', '.') : plain;
  return /^-?\d+(\.\d{1,2})?$/.test(german) ? Number(german).toFixed(2) : typed.trim();
}

/** As people write it here: "1530,00". */
export function shownAmount(value, language) { return language === 'de' ? value.replace('.', ',') : value; }

function asDaemonWants(name, typed) {
  if (isAmount(name)) return asAmount(typed);
  if (isCode(name)) return typed.replace(/\s/g, '').toUpperCase();
  return typed.trim();
}

class AskedFields extends Screen {
  static properties = { subject: {}, values: {}, names: {}, readonly: { type: Boolean }, drafts: { state: true } };

  constructor() {
    super();
    Object.assign(this, { subject: '', values: {}, names: [], readonly: false, drafts: {}, focused: '' });
    this.typed = new Map();  // by question: nothing typed is lost
  }

  willUpdate(changed) {
    if (changed.has('subject')) Object.assign(this, { drafts: this.typed.get(this.subject) ?? {}, focused: '' });
    this.typed.set(this.subject, this.drafts);
  }

  /** The value as it is to be sent. */
  valueOf(name) {
    if (isDate(name)) return this.drafts[name] ?? this.values[name] ?? '';
    return asDaemonWants(name, this.drafts[name] ?? this.values[name] ?? '');
  }

  given() { return Object.fromEntries(this.names.map((name) => [name, this.valueOf(name)]).filter(([, value]) => value !== '')); }

  focusFirst() { this.querySelector('[data-asked] .mr-input, .mr-input[data-asked]')?.focus(); }

  /** Text from the page into the field that had the focus last. */
  take(text) {
    const name = this.focused || this.names[0];
    if (!name) return;
    const value = isDate(name) ? readDate(text, today()) ?? this.drafts[name] ?? '' : isAmount(name) ? shownAmount(asAmount(text), currentLanguage()) : text;
    this.drafts = { ...this.drafts, [name]: value };
    this.updateComplete.then(() => this.querySelector(`[data-asked="${CSS.escape(name)}"]`)?.focus());
  }

  type(name, value) { this.drafts = { ...this.drafts, [name]: value }; }

  entered_(name) {
    this.focused = name;
    this.dispatchEvent(new CustomEvent('field-focused', { detail: { name }, bubbles: true }));
  }

  render() {
    return html`${this.names.map((name) => html`<label class="mr-field" @focusin=${() => this.entered_(name)}>
      <span class="mr-field__label">${tOr(`field.${name}`, name)}</span>${this.input(name)}</label>`)}`;
  }

  input(name) {
    if (isDate(name)) {
      return html`<mr-date data-asked=${name} .value=${this.valueOf(name)} ?readonly=${this.readonly}
        @change=${(event) => this.type(name, event.target.value)}></mr-date>`;
    }
    const read = this.values[name] ?? '';
    const shown = this.drafts[name] ?? (isAmount(name) ? shownAmount(read, currentLanguage()) : read);
    return html`<input class="mr-input" data-asked=${name} maxlength="200" autocomplete="off" inputmode=${isAmount(name) ? 'decimal' : 'text'}
      ?readonly=${this.readonly} .value=${shown} @input=${(event) => this.type(name, event.target.value)}>`;
  }
}
customElements.define('mr-asked-fields', AskedFields);
