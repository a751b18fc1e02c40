// The chained log, for auditors.

import { html, nothing, Screen } from '../base/screen.js';
import { get, query } from '../base/daemon.js';
import { day, t } from '../base/words.js';

const pageSize = 500;

class Audit extends Screen {
  static properties = { subject: { state: true }, entries: { state: true } };

  entered() {
    Object.assign(this, { subject: '', entries: null });
    this.load();
  }

  async load(after) {
    const answer = await this.attempt(() => get(`/audit${query({ subject: this.subject.trim(), after })}`));
    if (answer) this.entries = after ? [...this.entries, ...answer.entries] : answer.entries;
  }

  render() {
    const time = (iso) => `${day(iso)}, ${new Date(iso).toLocaleTimeString()}`;
    return html`<form class="mr-fields__head" @submit=${(event) => { event.preventDefault(); this.load(); }}><h2>${t('admin.audit')}</h2><span class="mr-spacer"></span>
        <label class="mr-inline"><span>${t('audit.subject')}</span><input class="mr-input" .value=${this.subject} @input=${(event) => { this.subject = event.target.value; }} autocomplete="off"></label>
        <button class="kern-btn kern-btn--secondary"><span class="kern-label">${t('audit.show')}</span></button></form>
      <table class="mr-table"><caption class="kern-sr-only">${t('admin.audit')}</caption><thead><tr><th scope="col" class="is-number">${t('audit.seq')}</th><th scope="col">${t('column.time')}</th><th scope="col">${t('audit.actor')}</th><th scope="col">${t('help.action')}</th><th scope="col">${t('audit.details')}</th></tr></thead>
        <tbody>${(this.entries ?? []).map((entry) => html`<tr><td class="is-number">${entry.seq}</td><td>${time(entry.time)}</td><td>${entry.actor}</td><td>${entry.action}</td><td><code>${JSON.stringify(entry.details)}</code></td></tr>`)}</tbody></table>
      ${this.entries?.length && this.entries.length % pageSize === 0 ? html`<button class="mr-link-button" @click=${() => this.load(this.entries.at(-1).seq)}>${t('find.more')}</button>` : nothing}`;
  }
}
customElements.define('mr-audit', Audit);
