// Scanning: choose a profile by its number, Enter feeds. Sides appear while the feeder runs.

import { html, nothing, Screen, icon, go, link, say } from '../base/screen.js';
import { get, pageThumbnail, post, put, query } from '../base/daemon.js';
import { live } from '../base/live.js';
import { registerKeys } from '../base/keys.js';
import { allTerms, channelName, priorityName, profileName, stateName } from '../base/terms.js';
import { nameOf, t, textOf, today } from '../base/words.js';
import '../base/date.js';
import { takeOrder } from './again.js';
import { picture, pictureOf } from './pictures.js';

const stationStorage = 'mailroom.station';
const running = ['feeding'];
const calm = 500;  // milliseconds: an Enter too many on the screen before must not feed paper

class Scan extends Screen {
  static properties = {
    session: {}, batch: {}, stations: { state: true }, order: { state: true }, current: { state: true },
    sides: { state: true }, busy: { state: true }, panel: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { stations: [], current: null, sides: [], busy: false, batch: '' });
    this.order = this.freshOrder();
  }

  freshOrder() {
    return { station: localStorage.getItem(stationStorage) ?? '', profile: '', declared: '', received: today(), channel: '',
             priority: 'ordinary', mode: this.order?.mode ?? 'attended' };
  }

  entered() {
    this.stations = allTerms().stations;
    this.since = performance.now();
    if (!this.stations.some((station) => station.id === this.order.station)) this.order.station = this.stations[0]?.id ?? '';
    this.choose(this.profiles()[0]?.id);
    this.again = takeOrder();
    if (this.again) this.order = { ...this.order, ...this.again };
    this.on(live, 'page', (event) => this.pageCame(event.detail));
    this.on(live, 'batch', (event) => this.batchMoved(event.detail));
    this.on(live, 'scanner', (event) => this.scannerTold(event.detail));
    this.on(live, 'panel', (event) => { if (event.detail.station === this.order.station) this.panel = event.detail.panel; });
    this.on(live, 'resync', () => this.load());
    this.on(live, 'resync', () => this.sitDown());
    this.leaving.push(registerKeys([
      { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: 'scan.key_profile', run: (event) => this.chooseNumber(event.key) },
      { keys: ['Enter'], label: 'scan.key_go', inFields: true, run: () => this.goOn() },
      { keys: ['Escape'], label: 'scan.key_stop', run: () => (this.isFeeding() ? this.stop() : false) },
      { keys: ['o'], label: 'scan.key_open', run: () => (this.current ? this.openBatch() : false) },
      { keys: ['n'], label: 'scan.key_next', run: () => (this.current && !this.isFeeding() ? this.nextBatch() : false) },
    ]));
    this.sitDown();
    this.load();
  }

  /** Says who works here: the keys of the station's panel are this person's from now on. */
  async sitDown() {
    if (!this.order.station) return;
    await this.attempt(() => put('/session/station', { station: this.order.station }));
    const answer = await this.attempt(() => get('/stations'));
    this.panel = answer?.stations.find((station) => station.id === this.order.station)?.panel ?? null;
  }

  /** The batch that feeds at this station, so that a screen opened anew shows it. */
  async load() {
    const id = this.current?.id ?? this.batch;
    const view = id ? await this.attempt(() => get(`/batches/${id}`)) : await this.batchAtStation();
    if (!view) return;
    this.current = view.batch;
    this.sides = view.pages;
  }

  async batchAtStation() {
    const answer = await this.attempt(() => get(`/batches${query({ station: this.order.station })}`));
    const batch = answer?.batches.find((candidate) => ['feeding', 'interrupted'].includes(candidate.state));
    return batch ? this.attempt(() => get(`/batches/${batch.id}`)) : null;
  }

  station() { return this.stations.find((station) => station.id === this.order.station); }

  /** The station's usual one first. */
  profiles() {
    const usual = this.station()?.profile || allTerms().default_profile;
    return allTerms().profiles.filter((profile) => profile.source !== 'files').sort((a, b) => (b.id === usual) - (a.id === usual));
  }

  choose(id) {
    const profile = allTerms().profiles.find((candidate) => candidate.id === id);
    if (profile) this.order = { ...this.order, profile: id, channel: profile.channel };
  }

  chooseNumber(key) {
    const profile = this.profiles()[Number(key) - 1];
    if (!profile || this.isFeeding()) return false;
    this.choose(profile.id);
    return true;
  }

  isFeeding() { return running.includes(this.current?.state); }
  isInterrupted() { return this.current?.state === 'interrupted'; }

  /** What Enter does now: go on after a fault, start the next batch, or start one. */
  goOn() {
    if (this.busy || this.isFeeding() || performance.now() - this.since < calm) return false;
    if (this.isInterrupted()) return this.resume();
    return this.start();
  }

  /** The scanner's button, or paper in its feeder, does what Enter does; for whoever has this screen open. */
  scannerTold({ station, news }) {
    if (station !== this.order.station) return;
    if (news === 'button' || news === 'paper') this.goOn();
    else say(t(`scan.scanner_${news}`));
  }

  async start() {
    const date = this.querySelector('mr-date');
    if (date?.isWrong()) { date.focus(); return; }
    this.busy = true;
    const { declared, ...order } = this.order;
    const body = { ...order, ...(declared === '' ? {} : { declared: Number(declared) }) };
    const batch = await this.attempt(() => post('/batches', body));
    this.busy = false;
    if (!batch) return;
    localStorage.setItem(stationStorage, this.order.station);
    this.sides = [];
    this.current = batch;
    this.load();
  }

  async resume() {
    this.busy = true;
    const batch = await this.attempt(() => post(`/batches/${this.current.id}/resume`, { station: this.order.station }));
    this.busy = false;
    if (batch) this.current = { ...this.current, ...batch };
  }

  async stop() {
    if (await this.attempt(() => post(`/batches/${this.current.id}/stop`)) !== undefined) say(t('scan.stopping'));
  }

  async giveUp() {
    const dialog = this.querySelector('#give-up');
    const reason = dialog.querySelector('textarea').value.trim();
    if (!reason) return;
    dialog.close();
    if (await this.attempt(() => post(`/batches/${this.current.id}/discard`, { reason }))) this.nextBatch();
  }

  nextBatch() {
    this.current = null;
    this.sides = [];
    this.order = { ...this.freshOrder(), station: this.order.station };
    this.choose(this.profiles()[0]?.id);
    this.updateComplete.then(() => this.querySelector('[name=profile]:checked')?.focus());
  }

  openBatch() { go('batches', this.current.number); }

  pageCame(page) {
    if (page.batch !== this.current?.id) return;
    if (this.sides.some((side) => side.id === page.page)) return;
    this.sides = [...this.sides, { id: page.page, sheet: page.sheet, side: page.side }];
  }

  batchMoved(batch) {
    if (batch.id === this.current?.id) {
      const wasFeeding = this.isFeeding();
      this.current = { ...this.current, ...batch };
      if (wasFeeding && !this.isFeeding()) this.load();
    } else if ((!this.current || !this.isFeeding()) && batch.state === 'feeding' && batch.station === this.order.station) {
      this.current = batch;  // somebody pressed a key of the panel, or the scanner's button
      this.sides = [];
      this.load();
    }
  }

  updated() {
    const list = this.querySelector('.mr-sides');
    if (list && this.isFeeding()) list.scrollTop = list.scrollHeight;
  }

  render() {
    return html`<div class="mr-room mr-scan">
      <header class="mr-head"><h1>${t('room.scan')}</h1>${this.current ? this.headOfBatch() : nothing}${this.panelLine()}</header>
      <div class="mr-scan__columns">
        <section class="mr-panel mr-scan__order" aria-label=${t('scan.order')}>${this.current && !this.isDone() ? this.facts() : this.form()}</section>
        <section class="mr-panel mr-scan__stack" aria-label=${t('scan.sides')}>${this.current ? this.stack() : this.empty()}</section>
      </div>
      ${this.giveUpDialog()}</div>`;
  }

  panelLine() {
    if (!this.panel) return nothing;
    const text = t(this.panel.state === 'connected' && this.panel.older ? 'panel.older' : `panel.${this.panel.state}`);
    return html`<span class="mr-state" role="status">${text}</span>`;
  }

  isDone() { return this.current && !this.isFeeding() && !this.isInterrupted(); }

  headOfBatch() {
    return html`<span class="mr-number">${this.current.number}</span>
      <span class="mr-state mr-state--${this.current.state}">${stateName('batch', this.current.state)}</span>`;
  }

  empty() {
    return html`<div class="mr-empty">${picture('empty')}<p>${t(this.again ? 'scan.again_text' : 'scan.empty')}</p></div>`;
  }

  form() {
    const set = (name) => (event) => { this.order = { ...this.order, [name]: event.target.value }; };
    return html`
      <label class="mr-field"><span class="mr-field__label">${t('scan.station')}</span>
        <select class="mr-input" @change=${(event) => this.chooseStation(event.target.value)}>${this.stations.map((station) => html`
          <option value=${station.id} ?selected=${station.id === this.order.station}>${nameOf(station)}</option>`)}</select></label>
      <fieldset class="mr-profiles"><legend class="mr-field__label">${t('scan.profile')}</legend>
        ${this.profiles().map((profile, index) => this.profileChoice(profile, index))}</fieldset>
      <div class="mr-pair">
        <label class="mr-field"><span class="mr-field__label">${t('scan.declared')}</span>
          <input class="mr-input" inputmode="numeric" pattern="[0-9]*" .value=${this.order.declared} @input=${set('declared')}
            placeholder=${t('scan.declared_hint')}></label>
        <label class="mr-field"><span class="mr-field__label">${t('scan.received')}</span>
          <mr-date .max=${today()} .value=${this.order.received} @change=${set('received')}></mr-date></label>
      </div>
      <div class="mr-pair">
        ${this.select('scan.channel', allTerms().channels, this.order.channel, channelName, set('channel'))}
        ${this.select('scan.priority', ['ordinary', 'urgent', 'deadline'], this.order.priority, priorityName, set('priority'))}
      </div>
      <label class="mr-check"><input type="checkbox" .checked=${this.order.mode === 'capture_only'}
        @change=${(event) => { this.order = { ...this.order, mode: event.target.checked ? 'capture_only' : 'attended' }; }}>
        <span>${t('scan.capture_only')}</span></label>
      <button class="kern-btn kern-btn--primary kern-btn--block" ?disabled=${this.busy || !this.order.profile} @click=${() => this.start()}>
        <span class="kern-label">${t(this.isDone() ? 'scan.start_next' : 'scan.start')}</span><kbd>${t('key.enter')}</kbd></button>`;
  }

  chooseStation(id) {
    this.order = { ...this.order, station: id };
    localStorage.setItem(stationStorage, id);
    this.choose(this.profiles()[0]?.id);
    this.current = null;
    this.sides = [];
    this.sitDown();
    this.load();
  }

  profileChoice(profile, index) {
    return html`<label class="mr-profile"><input type="radio" name="profile" value=${profile.id}
        .checked=${profile.id === this.order.profile} @change=${() => this.choose(profile.id)}>
      <span class="mr-profile__name">${nameOf(profile)}</span>${index < 9 ? html`<kbd>${index + 1}</kbd>` : nothing}</label>`;
  }

  select(label, options, chosen, name, change) {
    return html`<label class="mr-field"><span class="mr-field__label">${t(label)}</span>
      <select class="mr-input" @change=${change}>${options.map((option) => html`
        <option value=${option} ?selected=${option === chosen}>${name(option)}</option>`)}</select></label>`;
  }

  /** While a batch is at work: what it is, and what can be done with it. */
  facts() {
    const batch = this.current;
    const rows = [
      ['scan.profile', profileName(batch.profile)],
      ['scan.declared', batch.declared ?? t('scan.not_declared')],
      ['scan.operator', batch.operator],
    ];
    return html`<dl class="mr-facts">${rows.map(([label, value]) => html`<dt>${t(label)}</dt><dd>${value}</dd>`)}</dl>
      ${this.isInterrupted() ? this.fault() : html`
        <button class="kern-btn kern-btn--secondary kern-btn--block" @click=${() => this.stop()}>
          <span class="kern-label">${t('scan.stop')}</span><kbd>Esc</kbd></button>`}`;
  }

  fault() {
    const batch = this.current;
    return html`<div class="mr-fault" role="alert">
      ${picture(pictureOf(batch.fault?.picture))}
      <h2>${t('scan.interrupted')}</h2>
      <p class="mr-fault__text">${batch.fault ? textOf(batch.fault) : t('scan.stopped_text')}</p>
      <button class="kern-btn kern-btn--primary kern-btn--block" ?disabled=${this.busy} @click=${() => this.resume()}>
        <span class="kern-label">${t('scan.resume')}</span><kbd>${t('key.enter')}</kbd></button>
      <button class="kern-btn kern-btn--tertiary kern-btn--block" @click=${() => this.querySelector('#give-up').showModal()}>
        <span class="kern-label">${t('scan.give_up')}</span></button></div>`;
  }

  stack() {
    const counters = this.current.counters ?? {};
    return html`<div class="mr-counters" role="status" aria-live="off">
        ${['sheets', 'pages', 'separators', 'blanks'].map((name) => html`<div class="mr-counter mr-counter--${name}">
          <strong>${counters[name] ?? 0}</strong><span>${t(`counter.${name}`, { n: counters[name] ?? 0 })}</span></div>`)}
        ${this.current.declared ? html`<progress class="kern-progress" max=${this.current.declared} value=${counters.sheets ?? 0}
          aria-label=${t('scan.progress')}></progress>` : nothing}
        <span class="mr-spacer"></span>
        ${this.isDone() ? html`<a class="kern-btn kern-btn--primary" href=${link('batches', this.current.number)}>
          <span class="kern-label">${t('scan.open')}</span><kbd>O</kbd></a>` : nothing}</div>
      <ol class="mr-sides" tabindex="0" aria-label=${t('scan.sides')}>${this.sides.map((side) => this.side(side))}</ol>`;
  }

  side(side) {
    const role = side.role && side.role !== 'content' ? side.role : '';
    return html`<li class="mr-side ${role ? `mr-side--${role}` : ''}">
      <img src=${pageThumbnail(side)} loading="lazy" decoding="async" alt=${t('page.name', { sheet: side.sheet, side: t(`side.${side.side}`) })}>
      <span class="mr-side__name">${side.sheet}${side.side === 'back' ? t('side.back_short') : ''}${role ? html` <em>${t(`role.page.${role}`)}</em>` : nothing}</span></li>`;
  }

  giveUpDialog() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" id="give-up" aria-labelledby="give-up-title">
      <header class="kern-dialog__header"><h2 class="kern-title" id="give-up-title">${t('scan.give_up_title')}</h2></header>
      <section class="kern-dialog__body"><p>${t('scan.give_up_text')}</p>
        <label class="mr-field"><span class="mr-field__label">${t('argument.reason')}</span><textarea class="mr-input" rows="3" maxlength="500"></textarea></label></section>
      <footer class="kern-dialog__footer">
        <button class="kern-btn kern-btn--secondary" @click=${(event) => event.target.closest('dialog').close()}><span class="kern-label">${t('dialog.cancel')}</span></button>
        <button class="kern-btn kern-btn--primary" @click=${() => this.giveUp()}><span class="kern-label">${t('scan.give_up')}</span></button></footer></dialog>`;
  }
}
customElements.define('mr-scan', Scan);
