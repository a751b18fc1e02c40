// The kiosk: one question a screen. Everything about the person is in `this` and in daemon.js, and both go with the
// page, which is replaced by a fresh one when the visit ends.
import { LitElement, html, nothing } from './lib/lit.js';
import * as daemon from './daemon.js';
import { silence, speak, warn } from './speech.js';
import { choose, language, languages, loadLanguages, t } from './words.js';
import { closed, start } from './screens/start.js';
import { consent } from './screens/consent.js';
import { details } from './screens/details.js';
import { identify } from './screens/identify.js';
import { proofs } from './screens/proofs.js';
import { check, done, paying } from './screens/paying.js';
import { answers, lookUp, tracking } from './screens/lookup.js';

const screens = { start, closed, consent, details, identify, proofs, check, paying, done, lookUp, tracking, answers };
const sizes = [1, 1.5, 2];
const touchPause = 5000;

class Kiosk extends LitElement {
  static properties = { screen: {}, kiosk: {}, visit: {}, size: {}, contrast: {}, reading: {}, wrong: {}, form: {}, warned: {}, problem: {} };

  createRenderRoot() { return this; }

  constructor() {
    super();
    this.fresh();
  }

  fresh() {
    this.screen = 'start';
    this.visit = null;
    this.size = 0;
    this.contrast = false;
    this.reading = false;
    this.wrong = [];
    this.form = {};
    this.pictures = {};
    this.warned = false;
    this.problem = '';
    this.lastTouch = 0;
  }

  async connectedCallback() {
    super.connectedCallback();
    await loadLanguages();
    await this.look();
    setInterval(() => this.tick(), 500);
    for (const kind of ['pointerdown', 'keydown']) addEventListener(kind, () => this.touched(), { passive: true });
    addEventListener('keydown', (event) => this.key(event));
    addEventListener('pageshow', (event) => { if (event.persisted) location.reload(); });
  }

  get matter() { return this.kiosk?.matters.find((one) => one.id === this.visit?.matter); }

  async look() {
    try {
      this.kiosk = await daemon.state();
      this.problem = '';
      if (!this.visit) this.screen = this.kiosk.open ? 'start' : 'closed';
    } catch {
      this.problem = 'away';
    }
  }

  async tick() {
    if (this.gone) return;
    if (!daemon.hasVisit()) {
      this.idle = (this.idle ?? 0) + 1;
      if (this.idle % 6 === 0) await this.look();
      return;
    }
    await this.attempt(async () => this.see(await daemon.get('/visit')));
  }

  /** Takes a visit over as it is now. */
  see(visit) {
    if (this.gone) return;
    this.visit = visit;
    const near = visit.seconds_left <= this.kiosk.timing.warn_seconds && !visit.handed_in.done;
    if (near && !this.warned) warn();
    this.warned = near;
    screens[this.screen].seen?.(this);
  }

  /** Does `work`; what ended meanwhile leads back to the start. */
  async attempt(work) {
    try {
      const result = await work();
      this.problem = '';
      return result;
    } catch (error) {
      if (!(error instanceof daemon.Refused)) this.problem = 'away';
      else if (error.status === 410) this.over(error.reason);
      else this.problem = error.code;
      return undefined;
    }
  }

  /** Begins a visit, if there is none yet. */
  async here() {
    if (!daemon.hasVisit()) await this.attempt(async () => this.see(await daemon.begin(language)));
  }

  async ask(method, path, body) {
    await this.here();
    const visit = await this.attempt(() => daemon[method](path, body));
    if (visit?.language) this.see(visit);
    return visit;
  }

  async goTo(screen) {
    silence();
    this.wrong = [];
    this.problem = '';
    this.screen = screen;
    await this.updateComplete;
    screens[screen].entered?.(this);
    this.querySelector('h1')?.focus();
    scrollTo(0, 0);
    if (this.reading) await this.readAloud();
  }

  /** The first question of the matter that is still open. */
  async goOn() {
    const { visit, matter } = this;
    if (!visit.consent) return this.goTo('consent');
    if (matter.details.length > 0 && Object.keys(visit.details).length === 0) return this.goTo('details');
    if (visit.identity.state !== 'done') return this.goTo('identify');
    if (visit.proofs.some((proof) => this.isOpen(proof))) return this.goTo('proofs');
    return this.goTo('check');
  }

  isOpen(proof) { return proof.state === 'open' && !this.form[`skip-${proof.id}`] || proof.state === 'scanning' || this.form.proof === proof.id; }

  async readAloud() {
    await this.here();
    await this.attempt(() => speak(this.querySelector('main')));
  }

  async toggleReading() {
    this.reading = !this.reading;
    if (this.reading) await this.readAloud();
    else silence();
  }

  async setLanguage(name) {
    choose(name);
    if (daemon.hasVisit()) await this.ask('put', '/visit/language', { language: name });
    this.requestUpdate();
    await this.updateComplete;
    if (this.reading) await this.readAloud();
  }

  touched() {
    if (!daemon.hasVisit() || Date.now() - this.lastTouch < touchPause) return;
    this.lastTouch = Date.now();
    this.ask('post', '/visit/touch');
  }

  /** Digits choose the numbered choices; nothing is reached by touch alone. */
  key(event) {
    if (event.target.matches?.('input, textarea') || event.altKey || event.ctrlKey || event.metaKey) return;
    const choices = [...this.querySelectorAll('main [data-choice]')].filter((one) => !one.disabled);
    const chosen = choices[Number(event.key) - 1];
    if (/^[1-9]$/.test(event.key) && chosen) chosen.click();
    if (event.key === 'Escape' && daemon.hasVisit()) this.leave();
  }

  async leave() {
    silence();
    await daemon.end();
    this.over('ended');
  }

  /** Nothing of the person stays: not in this page, and not behind it. */
  async over(reason) {
    silence();
    daemon.forgetBlobs();
    this.fresh();
    this.gone = true;
    this.requestUpdate();
    await this.updateComplete;
    location.replace(`${location.pathname}${location.search.split('&over')[0]}${location.search ? '&' : '?'}over=${reason || 'ended'}`);
  }

  updated() {
    document.documentElement.dataset.size = String(this.size);
    document.documentElement.style.setProperty('--mr-scale', String(sizes[this.size]));
    document.documentElement.dataset.contrast = this.contrast ? 'high' : 'normal';
  }

  render() {
    if (this.gone) return nothing;
    if (!this.kiosk) return html`<main><h1 tabindex="-1">${this.problem ? t('away.title') : ''}</h1><p>${this.problem ? t('away.text') : ''}</p></main>`;
    return html`${this.bar()}<main class="mr-main mr-main--${this.screen}">
        ${this.problem && this.problem !== 'invalid_input' ? html`<p class="mr-problem" role="alert">${t(`problem.${this.problem}`) === `problem.${this.problem}` ? t('problem.other') : t(`problem.${this.problem}`)}</p>` : nothing}
        ${screens[this.screen].render(this)}</main>
      ${this.visit ? html`<footer class="mr-foot"><button type="button" class=${this.visit.handed_in.done ? 'mr-primary' : 'mr-quiet'} id="leave" @click=${() => this.leave()}>${this.visit.handed_in.done ? `✓ ${t('finish')}` : `✕ ${t('cancel')}`}</button></footer>` : nothing}
      ${this.warned ? this.warning() : nothing}`;
  }

  bar() {
    return html`<header class="mr-bar">
      <p class="mr-owner">${this.kiosk.organisation}</p>
      <nav class="mr-tools" aria-label=${t('tools')}>
        <div class="mr-languages" role="group" aria-label=${t('languages')}>${languages.map((one) => html`
          <button type="button" lang=${one.words['language.code']} dir=${one.words['language.direction']} aria-pressed=${one.name === language}
            @click=${() => this.setLanguage(one.name)}>${one.words['language.name']}</button>`)}</div>
        <button type="button" id="size" @click=${() => { this.size = (this.size + 1) % sizes.length; }}><span aria-hidden="true">Aa</span> ${t('size')} ${sizes[this.size] * 100} %</button>
        <button type="button" id="contrast" aria-pressed=${this.contrast} @click=${() => { this.contrast = !this.contrast; }}><span aria-hidden="true">◐</span> ${t('contrast')}</button>
        <button type="button" id="read" aria-pressed=${this.reading} @click=${() => this.toggleReading()}><span aria-hidden="true">♪</span> ${t('read')}</button>
        <button type="button" id="help" @click=${() => this.callHelp()}><span aria-hidden="true">?</span> ${t(`help.${this.visit?.help ?? this.kiosk.help}`)}</button>
      </nav></header>`;
  }

  async callHelp() {
    await this.attempt(() => daemon.post('/help'));
    await this.look();
    if (daemon.hasVisit()) await this.tick();
  }

  warning() {
    return html`<div class="mr-veil"><div class="mr-warning" role="alertdialog" aria-labelledby="warning-title" aria-describedby="warning-text">
      <h2 id="warning-title">${t('time.title')}</h2>
      <p id="warning-text">${t('time.text', { n: this.visit.seconds_left })}</p>
      <button type="button" class="mr-primary" id="more-time" @click=${() => { this.lastTouch = Date.now(); this.ask('post', '/visit/touch'); }}>${t('time.more')}</button>
    </div></div>`;
  }
}

customElements.define('mr-kiosk', Kiosk);
