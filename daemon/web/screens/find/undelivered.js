// What did not arrive: deliveries that nobody answered, to be sent again, and messages that were refused.

import { html, nothing, Screen, link, say } from '../base/screen.js';
import { get, post } from '../base/daemon.js';
import { bytes, moment, t } from '../base/words.js';

class Undelivered extends Screen {
  static properties = { deliveries: { state: true }, letters: { state: true } };

  entered() {
    Object.assign(this, { deliveries: null, letters: null });
    this.reloadOn(['batch', 'clarifications'], () => this.load(), 1000);
    this.load();
  }

  async load() {
    const [owed, refused] = await Promise.all(['/undelivered', '/dead-letters'].map((path) => this.attempt(() => get(path))));
    if (owed) this.deliveries = owed.deliveries;
    if (refused) this.letters = refused.dead_letters;
  }

  async resend(delivery) {
    if (!await this.attempt(() => post(`/deliveries/${delivery.id}/resend`))) return;
    say(t('undelivered.sent'), 'success');
    this.load();
  }

  render() {
    return html`<header class="mr-fields__head"><h2>${t('find.undelivered')}</h2></header>
      ${this.deliveries?.length ? this.table() : this.deliveries ? html`<p class="mr-muted">${t('undelivered.none')}</p>` : nothing}
      <h3>${t('undelivered.letters')}</h3><p class="mr-muted">${t('undelivered.letters_text')}</p>
      ${this.letters?.length ? this.letterTable() : this.letters ? html`<p class="mr-muted">${t('undelivered.no_letters')}</p>` : nothing}`;
  }

  table() {
    return html`<p class="mr-muted">${t('undelivered.text')}</p><table class="mr-table"><caption class="kern-sr-only">${t('find.undelivered')}</caption>
      <thead><tr><th scope="col">${t('column.number')}</th><th scope="col">${t('find.recipient')}</th><th scope="col" class="is-number">${t('find.attempts')}</th>
        <th scope="col">${t('undelivered.last')}</th><th scope="col"><span class="kern-sr-only">${t('undelivered.resend')}</span></th></tr></thead>
      <tbody>${this.deliveries.map((delivery) => html`<tr><td><a href=${link('find', delivery.document_number)}>${delivery.document_number}</a></td><td>${delivery.recipient}</td>
        <td class="is-number">${delivery.attempts}</td><td>${moment(delivery.last_attempt)}</td>
        <td><button class="kern-btn kern-btn--secondary" aria-label=${`${t('undelivered.resend')}: ${delivery.document_number}`} @click=${() => this.resend(delivery)}><span class="kern-label">${t('undelivered.resend')}</span></button></td></tr>`)}</tbody></table>`;
  }

  letterTable() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('undelivered.letters')}</caption><thead><tr><th scope="col">${t('column.time')}</th><th scope="col">${t('find.recipient')}</th>
      <th scope="col">${t('find.reason')}</th><th scope="col" class="is-number">${t('find.size')}</th></tr></thead>
      <tbody>${this.letters.map((letter) => html`<tr><td>${moment(letter.at)}</td><td>${letter.recipient}</td><td>${letter.reason}</td><td class="is-number">${bytes(letter.size)}</td></tr>`)}</tbody></table>`;
  }
}
customElements.define('mr-undelivered', Undelivered);
