// The configuration as it runs, to read, and what batches ran under.

import { html, nothing, Screen } from '../base/screen.js';
import { get } from '../base/daemon.js';
import { moment, t } from '../base/words.js';

class ConfigurationPart extends Screen {
  static properties = { answer: { state: true }, shown: { state: true } };

  entered() {
    Object.assign(this, { answer: null, shown: null });
    this.load();
  }

  async load() {
    this.answer = await this.attempt(() => get('/configuration'));
    this.shown = this.answer ? { digest: this.answer.digest, configuration: this.answer.configuration } : null;
  }

  async show(digest) {
    const configuration = await this.attempt(() => get(`/configuration/${digest}`));
    if (configuration) this.shown = { digest, configuration };
  }

  render() {
    if (!this.answer) return nothing;
    return html`<div class="mr-fields__head"><h2>${t('admin.configuration')}</h2><span class="mr-spacer"></span>
        <a class="kern-btn kern-btn--secondary" href="/api/v1/procedure.pdf" download="Verfahrensdokumentation.pdf"><span class="kern-label">${t('configuration.procedure')}</span></a></div>
      <p class="mr-muted">${t('configuration.read_only')}</p>
      <div class="mr-configuration">
        <nav class="mr-list" aria-label=${t('configuration.snapshots')}>${this.answer.snapshots.map((snapshot) => html`<button class="mr-item ${snapshot.digest === this.shown?.digest ? 'is-current' : ''}"
          aria-current=${snapshot.digest === this.shown?.digest ? 'true' : nothing} @click=${() => this.show(snapshot.digest)}><span class="mr-number">${snapshot.digest.slice(0, 12)}</span>
          <span class="mr-item__facts">${moment(snapshot.first_used)}${snapshot.digest === this.answer.digest ? html`<span class="mr-tag mr-tag--done">${t('configuration.current')}</span>` : nothing}</span></button>`)}</nav>
        <div class="mr-tree" tabindex="0" role="region" aria-label=${t('admin.configuration')}>${this.shown ? this.tree(this.shown.configuration, true) : nothing}</div></div>`;
  }

  /** Plain values as a list, tables below them to open. */
  tree(value, open) {
    const isTable = (entry) => entry !== null && typeof entry === 'object' && (!Array.isArray(entry) || entry.some((item) => item !== null && typeof item === 'object'));
    const entries = Object.entries(value ?? {});
    const plain = entries.filter(([, entry]) => !isTable(entry));
    return html`${plain.length ? html`<dl class="mr-facts">${plain.map(([name, entry]) => html`<dt>${name}</dt><dd>${Array.isArray(entry) ? entry.join(', ') : String(entry)}</dd>`)}</dl>` : nothing}
      ${entries.filter(([, entry]) => isTable(entry)).map(([name, entry]) => html`<details ?open=${open}><summary>${name}</summary>${this.tree(entry, false)}</details>`)}`;
  }
}
customElements.define('mr-configuration', ConfigurationPart);
