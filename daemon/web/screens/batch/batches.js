// The batches: those that need somebody first.

import { html, nothing, Screen, go, link } from '../base/screen.js';
import { get, query } from '../base/daemon.js';
import { registerKeys } from '../base/keys.js';
import { allTerms, profileName, stateName, stationName } from '../base/terms.js';
import { moment, nameOf, t } from '../base/words.js';
import './batch.js';

const states = ['feeding', 'interrupted', 'closed', 'held', 'released', 'finished', 'discarded'];

class Batches extends Screen {
  static properties = { batches: { state: true }, state: { state: true }, station: { state: true }, at: { state: true } };

  constructor() {
    super();
    Object.assign(this, { batches: null, state: '', station: '', at: 0 });
  }

  entered() {
    this.reloadOn(['batch'], () => this.load());
    this.leaving.push(registerKeys([
      { keys: ['j'], repeats: true, label: 'list.key_next', run: () => this.step(1) },
      { keys: ['k'], repeats: true, label: 'list.key_previous', run: () => this.step(-1) },
      { keys: ['Enter'], label: 'list.key_open', run: () => this.open() },
    ]));
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get(`/batches${query({ state: this.state, station: this.station })}`));
    if (answer) this.batches = answer.batches;
  }

  step(direction) { this.at = Math.min(Math.max(this.at + direction, 0), this.batches.length - 1); }

  open() {
    const batch = this.batches?.[this.at];
    if (!batch) return false;
    go('batches', batch.number);
    return true;
  }

  updated() { this.querySelector('tr.is-current')?.scrollIntoView({ block: 'nearest' }); }

  render() {
    const filter = (name) => (event) => { this[name] = event.target.value; this.at = 0; this.load(); };
    return html`<div class="mr-room">
      <header class="mr-head"><h1>${t('room.batches')}</h1><span class="mr-spacer"></span>
        <label class="mr-inline"><span>${t('batches.state')}</span><select class="mr-input" @change=${filter('state')}>
          <option value="">${t('batches.all')}</option>${states.map((state) => html`<option value=${state}>${stateName('batch', state)}</option>`)}</select></label>
        <label class="mr-inline"><span>${t('scan.station')}</span><select class="mr-input" @change=${filter('station')}>
          <option value="">${t('batches.all')}</option>${allTerms().stations.map((station) => html`<option value=${station.id}>${nameOf(station)}</option>`)}</select></label>
      </header>
      <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${t('room.batches')}>
        ${this.batches?.length === 0 ? html`<p class="mr-empty">${t('batches.none')}</p>` : this.table()}</section></div>`;
  }

  table() {
    return html`<table class="mr-table mr-table--rows"><caption class="kern-sr-only">${t('room.batches')}</caption>
      <thead><tr><th scope="col">${t('column.number')}</th><th scope="col">${t('batches.state')}</th><th scope="col">${t('scan.station')}</th>
        <th scope="col">${t('scan.profile')}</th><th scope="col" class="is-number">${t('column.sheets')}</th><th scope="col" class="is-number">${t('column.documents')}</th>
        <th scope="col" class="is-number">${t('column.to_do')}</th><th scope="col">${t('column.opened')}</th></tr></thead>
      <tbody>${(this.batches ?? []).map((batch, index) => html`<tr class=${index === this.at ? 'is-current' : ''} @click=${() => { this.at = index; this.open(); }}>
        <td><a href=${link('batches', batch.number)} aria-current=${index === this.at ? 'true' : nothing}>${batch.number}</a></td>
        <td><span class="mr-state mr-state--${batch.state}">${stateName('batch', batch.state)}</span></td>
        <td>${stationName(batch.station) || batch.scanner}</td><td>${profileName(batch.profile)}</td>
        <td class="is-number">${batch.counters.sheets}</td><td class="is-number">${batch.counters.documents}</td>
        <td class="is-number">${this.toDo(batch)}</td><td>${moment(batch.opened_at)}</td></tr>`)}</tbody></table>`;
  }

  toDo({ counters }) {
    const parts = [];
    if (counters.open_clarifications) parts.push(t('clarify.open', { n: counters.open_clarifications }));
    if (counters.unconfirmed) parts.push(t('batch.unconfirmed', { n: counters.unconfirmed }));
    if (counters.unchecked) parts.push(t('batch.unchecked', { n: counters.unchecked }));
    return parts.join(', ');
  }
}
customElements.define('mr-batches', Batches);
