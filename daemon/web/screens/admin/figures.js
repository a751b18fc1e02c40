// Figures for the city's economics, by class and month. Never by person: the page says so.

import { html, nothing, Screen, icon } from '../base/screen.js';
import { get, query } from '../base/daemon.js';
import '../base/date.js';
import { bars } from './bars.js';
import { className } from '../base/terms.js';
import { currentLanguage, number, percent, t, today } from '../base/words.js';

class FiguresPart extends Screen {
  static properties = { from: { state: true }, to: { state: true }, figures: { state: true } };

  entered() {
    Object.assign(this, { from: `${today().slice(0, 4)}-01-01`, to: today(), figures: null });
    this.load();
  }

  async load() { this.figures = await this.attempt(() => get(`/figures${query({ from: this.from, to: this.to })}`)) ?? this.figures; }

  byMonth() {
    const months = new Map();
    for (const row of this.figures.rows) months.set(row.month, (months.get(row.month) ?? 0) + row.documents);
    return [...months].sort().map(([month, value]) => ({ name: this.monthName(month), value }));
  }

  monthName(month) { return new Intl.DateTimeFormat(currentLanguage(), { month: 'short', year: '2-digit' }).format(new Date(`${month}-15T12:00:00`)); }

  render() {
    const set = (name) => (event) => { if (event.target.value) { this[name] = event.target.value; this.load(); } };
    return html`<div class="mr-fields__head"><h2>${t('admin.figures')}</h2><span class="mr-spacer"></span>
        <label class="mr-inline"><span>${t('find.from')}</span><mr-date .value=${this.from} @change=${set('from')}></mr-date></label>
        <label class="mr-inline"><span>${t('find.to')}</span><mr-date .value=${this.to} @change=${set('to')}></mr-date></label></div>
      <p class="mr-notice">${icon('info')}<span>${t('figures.never_per_person')}</span></p>
      ${this.figures ? this.figures.rows.length ? html`${bars(this.byMonth(), t('figures.documents'))}${this.table()}` : html`<p class="mr-empty">${t('figures.none')}</p>` : nothing}`;
  }

  table() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('admin.figures')}</caption><thead><tr><th scope="col">${t('figures.month')}</th><th scope="col">${t('batch.class')}</th><th scope="col" class="is-number">${t('figures.documents')}</th>
      <th scope="col" class="is-number">${t('figures.sheets')}</th><th scope="col" class="is-number">${t('figures.untouched')}</th><th scope="col" class="is-number">${t('figures.hours')}</th></tr></thead>
      <tbody>${this.figures.rows.map((row) => html`<tr><td>${this.monthName(row.month)}</td><td>${className(row.class)}</td><td class="is-number">${number(row.documents)}</td><td class="is-number">${number(row.sheets)}</td>
        <td class="is-number">${row.documents ? percent(row.untouched / row.documents) : ''}</td><td class="is-number">${row.hours_to_file_median === null ? '–' : number(Math.round(row.hours_to_file_median * 100) / 100)}</td></tr>`)}</tbody></table>`;
  }
}
customElements.define('mr-figures', FiguresPart);
