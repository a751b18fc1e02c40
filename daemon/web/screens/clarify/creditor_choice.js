// Chooses one of the creditors by number, name or town. Emits "change"; `value` is the creditor's number.

import { html, nothing, Screen } from '../base/screen.js';
import { get, query } from '../base/daemon.js';
import { t } from '../base/words.js';

const pause = 200;  // milliseconds without a key before the daemon is asked

class CreditorChoice extends Screen {
  static properties = { subject: {}, value: {}, seller: {}, typed: { state: true }, found: { state: true } };

  constructor() {
    super();
    Object.assign(this, { subject: '', value: '', seller: '', typed: null, found: null });
  }

  willUpdate(changed) {
    if (!changed.has('subject')) return;
    Object.assign(this, { typed: null, found: null });
    this.search(this.words());
  }

  /** What the paper says about the seller, in the words that names are made of. */
  words() { return (this.seller || '').split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 3).slice(0, 1).join(' '); }

  async search(text) {
    if (!text.trim()) { this.found = null; return; }
    const answer = await this.attempt(() => get(`/creditors${query({ q: text })}`));
    if (answer && (this.typed ?? this.words()) === text) this.found = answer.creditors;
  }

  type(text) {
    this.typed = text;
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.search(text), pause);
  }

  choose(creditor) {
    this.value = creditor.id;
    this.dispatchEvent(new CustomEvent('change', { bubbles: true }));
  }

  render() {
    return html`<label class="mr-field"><span class="mr-field__label">${t('creditor.search')}</span>
        <input class="mr-input" type="search" autocomplete="off" maxlength="200" .value=${this.typed ?? this.words()} @input=${(event) => this.type(event.target.value)}
          @change=${(event) => event.stopPropagation()}></label>
      <div class="mr-choices" role="radiogroup" aria-label=${t('creditor.choose')}>
        ${(this.found ?? []).map((creditor) => html`<label class="mr-choice"><input type="radio" name="creditor" value=${creditor.id} .checked=${creditor.id === this.value}
          @change=${(event) => { event.stopPropagation(); this.choose(creditor); }}>
          <span><strong>${creditor.name}</strong><br><span class="mr-muted">${[creditor.id, [creditor.postcode, creditor.city].filter(Boolean).join(' '), creditor.vat_id].filter(Boolean).join(' · ')}</span></span></label>`)}</div>
      ${this.found?.length === 0 ? html`<p class="mr-muted" role="status">${t('creditor.none')}</p>` : nothing}`;
  }
}
customElements.define('mr-creditor-choice', CreditorChoice);
