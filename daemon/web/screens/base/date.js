// A field for a date, to stand in a <label>: typed as people type dates, a day on or back with the arrow keys, or
// chosen from the browser's calendar. Emits "change" whenever `value` (ISO, or empty) is another one.

import { html, Screen, icon } from './screen.js';
import { daysAfter, readDate, shownDate } from './dates.js';
import { currentLanguage, t, today } from './words.js';

class DateField extends Screen {
  static properties = { value: {}, max: {}, name: {}, readonly: { type: Boolean }, typed: { state: true } };

  constructor() {
    super();
    Object.assign(this, { value: '', max: '', name: '', readonly: false, typed: null });
  }

  willUpdate(changed) { if (changed.has('value')) this.typed = null; }

  read() { return this.typed === null ? this.value : this.typed.trim() ? readDate(this.typed, today()) : ''; }
  isWrong() { return this.read() === null || Boolean(this.max && this.read() > this.max); }

  take() {
    if (this.typed === null || this.isWrong()) return;
    this.choose(this.read());
  }

  choose(iso) {
    this.typed = null;
    if (iso === this.value) return;
    this.value = iso;
    this.dispatchEvent(new CustomEvent('change', { bubbles: true }));
  }

  key(event) {
    if (event.key === 'Enter') this.enter(event);
    const days = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!days || this.readonly) return;
    event.preventDefault();
    event.stopPropagation();
    const next = daysAfter(this.read() || today(), days);
    if (!this.max || next <= this.max) this.choose(next);
  }

  /** What Enter does on this screen it does with the date that is typed; with none while it is wrong. */
  enter(event) {
    if (this.isWrong()) {
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    this.take();
  }

  focus() { this.querySelector('.mr-input').focus(); }

  changed(event) {
    event.stopPropagation();  // ours says it, with the value
    this.take();
  }

  render() {
    return html`<span class="mr-date"><input class="mr-input" name=${this.name} autocomplete="off" inputmode="numeric" maxlength="10" placeholder=${t('date.form')}
        ?readonly=${this.readonly} aria-invalid=${this.isWrong() ? 'true' : 'false'} .value=${this.typed ?? shownDate(this.value, currentLanguage())}
        @input=${(event) => { this.typed = event.target.value; }} @change=${this.changed} @keydown=${this.key}>
      <button type="button" class="mr-date__open" tabindex="-1" aria-label=${t('date.open')} ?disabled=${this.readonly}
        @click=${() => this.querySelector('[type=date]').showPicker()}>${icon('calendar-today')}</button>
      <input type="date" class="mr-date__calendar" tabindex="-1" aria-hidden="true" max=${this.max} .value=${this.value}
        @change=${(event) => { event.stopPropagation(); this.choose(event.target.value); }}></span>`;
  }
}
customElements.define('mr-date', DateField);
