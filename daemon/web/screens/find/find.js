// Where is my document? Search, and one document's way from the feeder to the recipient's last message.

import { html, nothing, Screen, go, link, say } from '../base/screen.js';
import { get, post, query } from '../base/daemon.js';
import { registerKeys } from '../base/keys.js';
import { allTerms, channelName, className, departmentName, priorityName, stateName } from '../base/terms.js';
import { bytes, day, moment, nameOf, t, tOr } from '../base/words.js';
import '../base/date.js';
import './deadlines.js';
import './erasures.js';
import './undelivered.js';

const lists = ['deadlines', 'undelivered', 'erasures'];
const rightOf = { deadlines: 'read', undelivered: 'resend', erasures: 'erase' };
const noFilter = { q: '', batch: '', box: '', class: '', department: '', state: '', from: '', to: '' };

class Find extends Screen {
  static properties = { id: {}, about: {}, session: {}, filter: { state: true }, found: { state: true }, open: { state: true } };

  constructor() {
    super();
    Object.assign(this, { id: '', about: '', filter: { ...noFilter }, found: null, open: null });
  }

  entered() {
    this.reloadOn(['batch'], () => { this.search(); if (this.isDocument()) this.load(); });
    this.leaving.push(registerKeys([
      { keys: ['/'], label: 'find.key_search', run: () => this.querySelector('[name=q]').focus() },
      { keys: ['j'], repeats: true, label: 'list.key_next', run: () => this.step(1) },
      { keys: ['k'], repeats: true, label: 'list.key_previous', run: () => this.step(-1) },
    ]));
    this.search();
    this.updateComplete.then(() => this.querySelector('[name=q]').focus());
  }

  willUpdate(changed) {
    if (changed.has('id')) {
      this.open = null;
      if (this.isDocument()) this.load();
    }
  }

  isDocument() { return Boolean(this.id) && !lists.includes(this.id); }
  may(action) { return this.session.actions.includes(action); }

  async search() {
    const filter = this.filter;
    const answer = await this.attempt(() => get(`/documents${query(filter)}`));
    if (answer && filter === this.filter) this.found = answer.documents;
  }

  searchSoon() {
    clearTimeout(this.soon);
    this.soon = setTimeout(() => this.search(), 200);
  }

  async loadMore() {
    const answer = await this.attempt(() => get(`/documents${query({ ...this.filter, before: this.found.at(-1).number })}`));
    if (answer) this.found = [...this.found, ...answer.documents];
  }

  async load() {
    const id = this.id;
    const view = await this.attempt(() => get(`/documents/${encodeURIComponent(id)}`));
    if (view && id === this.id) this.open = view;
  }

  async resend(delivery) {
    if (await this.attempt(() => post(`/deliveries/${delivery.id}/resend`))) {
      say(t('undelivered.sent'), 'success');
      this.load();
    }
  }

  step(direction) {
    const at = this.found?.findIndex((document) => document.number === this.id) ?? -1;
    const next = this.found?.[Math.max(0, at + direction)];
    if (next) go('find', next.number);
  }

  render() {
    return html`<div class="mr-room mr-find">
      <header class="mr-head"><h1>${t('room.find')}</h1><span class="mr-spacer"></span>
        ${lists.filter((list) => this.may(rightOf[list])).map((list) => html`<a class="mr-link-button" href=${link('find', list)} aria-current=${this.id === list ? 'page' : nothing}>${t(`find.${list}`)}</a>`)}</header>
      ${this.filters()}
      <div class="mr-find__columns">
        <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${t('find.results')}>${this.results()}</section>
        <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${t('find.way')}>
          ${this.beside()}</section>
      </div></div>`;
  }

  beside() {
    if (this.id === 'deadlines') return html`<mr-deadlines></mr-deadlines>`;
    if (this.id === 'undelivered') return html`<mr-undelivered></mr-undelivered>`;
    if (this.id === 'erasures') return html`<mr-erasures .about=${this.about}></mr-erasures>`;
    return this.open ? this.details() : html`<p class="mr-empty">${t('find.choose')}</p>`;
  }

  filters() {
    const set = (name) => (event) => { this.filter = { ...this.filter, [name]: event.target.value }; this.searchSoon(); };
    const date = (name, label) => html`<label class="mr-inline mr-inline--stacked"><span>${t(label)}</span>
      <mr-date .name=${name} .value=${this.filter[name]} @change=${set(name)}></mr-date></label>`;
    const text = (name, label) => html`<label class="mr-inline mr-inline--stacked"><span>${t(label)}</span>
      <input class="mr-input" type="search" name=${name} .value=${this.filter[name]} @input=${set(name)} autocomplete="off"></label>`;
    const choice = (name, label, options) => html`<label class="mr-inline mr-inline--stacked"><span>${t(label)}</span><select class="mr-input" name=${name} @change=${set(name)}>
      <option value="">${t('batches.all')}</option>${options.map((option) => html`<option value=${option.id} ?selected=${option.id === this.filter[name]}>${nameOf(option)}</option>`)}</select></label>`;
    return html`<form class="mr-filters" role="search" @submit=${(event) => { event.preventDefault(); this.search(); }}>
      ${text('q', 'find.q')}${text('batch', 'find.batch')}${text('box', 'find.box')}
      ${choice('class', 'batch.class', allTerms().classes)}${choice('department', 'batch.department', allTerms().departments)}
      ${date('from', 'find.from')}${date('to', 'find.to')}
      <button type="button" class="mr-link-button" @click=${() => { this.filter = { ...noFilter }; this.search(); }}>${t('find.clear')}</button></form>`;
  }

  results() {
    if (this.found?.length === 0) return html`<p class="mr-empty">${t('find.none')}</p>`;
    return html`<table class="mr-table mr-table--rows"><caption class="kern-sr-only">${t('find.results')}</caption>
      <thead><tr><th scope="col">${t('column.number')}</th><th scope="col">${t('batch.class')}</th>
        <th scope="col">${t('find.sender')}</th><th scope="col">${t('column.received')}</th><th scope="col">${t('column.where')}</th></tr></thead>
      <tbody>${(this.found ?? []).map((document) => html`<tr class=${document.number === this.id ? 'is-current' : ''} @click=${() => go('find', document.number)}>
        <td><a href=${link('find', document.number)} aria-current=${document.number === this.id ? 'true' : nothing}>${document.number}</a></td>
        <td>${className(document.class)}<br><span class="mr-muted">${departmentName(document.department)}</span></td><td>${document.sender || document.reference}</td>
        <td>${day(document.received)}</td><td>${tOr(`step.${document.last_step}`, document.last_step)}</td></tr>`)}</tbody></table>
      ${(this.found?.length ?? 0) >= 100 && this.found.length % 100 === 0 ? html`<button class="mr-link-button" @click=${() => this.loadMore()}>${t('find.more')}</button>` : nothing}`;
  }

  details() {
    const { document, timeline, deliveries, fields, contents, records } = this.open;
    const facts = [
      ['column.received', `${day(document.received)}, ${channelName(document.channel)}`], ['batch.class', className(document.class)],
      ['batch.department', departmentName(document.department)], ['scan.priority', priorityName(document.priority)],
      ['find.batch', html`<a href=${link('batches', document.batch_number)}>${document.batch_number}</a>`],
      ['find.originals', tOr(`originals.${document.originals}`, document.originals)], ['find.box', document.box],
      ['find.supersedes', document.supersedes],
      ...fields.filter((field) => !['class', 'department'].includes(field.name)).map((field) => [null, field.value, tOr(`field.${field.name}`, field.name)]),
    ];
    return html`<header class="mr-fields__head"><h2 class="mr-number">${document.number}</h2>
        <span class="mr-state mr-state--${document.state}">${stateName('document', document.state)}</span></header>
      <h3>${t('find.way')}</h3>
      <ol class="mr-timeline">${timeline.map((entry) => html`<li class="mr-timeline__step mr-timeline__step--${entry.step}">
        <time datetime=${entry.time}>${entry.step === 'received' ? day(document.received) : moment(entry.time)}</time><strong>${tOr(`step.${entry.step}`, entry.step)}</strong>
        <span>${entry.step === 'received' ? channelName(document.channel) : [entry.by === 'daemon' ? '' : entry.by, entry.text].filter(Boolean).join(': ')}</span></li>`)}</ol>
      ${deliveries.length ? html`<h3>${t('find.deliveries')}</h3>
        <table class="mr-table"><caption class="kern-sr-only">${t('find.deliveries')}</caption><thead><tr><th scope="col">${t('find.recipient')}</th><th scope="col">${t('batches.state')}</th>
          <th scope="col">${t('find.record')}</th><th scope="col" class="is-number">${t('find.attempts')}</th><th scope="col"><span class="kern-sr-only">${t('undelivered.resend')}</span></th></tr></thead>
        <tbody>${deliveries.map((delivery) => html`<tr><td>${delivery.recipient}</td><td>${stateName('delivery', delivery.state)}</td><td>${delivery.record}</td><td class="is-number">${delivery.attempts}</td>
          <td>${['owed', 'dead'].includes(delivery.state) && delivery.attempts > 0 && this.may('resend') ? html`<button class="mr-link-button" aria-label=${`${t('undelivered.resend')}: ${delivery.recipient}`} @click=${() => this.resend(delivery)}>${t('undelivered.resend')}</button>` : nothing}</td></tr>`)}</tbody></table>` : nothing}
      <h3>${t('find.known')}</h3>
      <dl class="mr-facts">${facts.filter(([, value]) => value).map(([label, value, name]) => html`<dt>${label ? t(label) : name}</dt><dd>${value}</dd>`)}</dl>
      ${records.length ? html`<h3>${t('find.records')}</h3><ul class="mr-contents">${records.map((record) => html`<li>
        <span>${t(`record.${record.kind}`)}: <strong>${record.title}</strong></span>
        ${record.documents.map((other) => html` <a href=${link('find', other.number)}>${className(other.class)} ${other.number}</a>`)}</li>`)}</ul>` : nothing}
      ${contents.length ? html`<h3>${t('find.contents')}</h3><ul class="mr-contents">${contents.map((content) => html`<li>
        <a href=${`/api/v1/documents/${document.id}/contents/${encodeURIComponent(content.name)}`} download=${`${document.number}-${content.name}`}>${content.name}</a>
        <span class="mr-muted">${bytes(content.size)}</span></li>`)}</ul>` : nothing}
      ${this.may('erase') ? html`<p><a class="mr-link-button" href=${link('find', 'erasures', document.number)}>${t('erasure.ask')}</a></p>` : nothing}`;
  }
}
customElements.define('mr-find', Find);
