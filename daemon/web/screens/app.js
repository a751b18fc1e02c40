// The frame round all screens: who is logged in, where to go, what is wrong with the connection.

import { html, nothing, Screen, icon, link, say } from './base/screen.js';
import * as daemon from './base/daemon.js';
import { live, startLive, stopLive } from './base/live.js';
import { lockWhenIdle } from './base/idle.js';
import { registerKeys } from './base/keys.js';
import { applyTheme } from './base/theme.js';
import { loadTerms } from './base/terms.js';
import { chosenLanguage, loadWords, t } from './base/words.js';
import './base/help.js';
import './base/settings.js';
import './login/login.js';
// All rooms at once: a module that cannot be fetched while the connection is lost would be missing for good.
import './scan/scan.js';
import './batch/batches.js';
import './clarify/queue.js';
import './quality/quality.js';
import './find/find.js';
import './originals/originals.js';
import './admin/admin.js';

// Where one can go, in the order of the work; any of `actions` opens it.
const rooms = [
  { name: 'scan', icon: 'scan', actions: ['scan'] },
  { name: 'batches', icon: 'batches', actions: ['edit', 'read', 'scan'] },
  { name: 'clarify', icon: 'help', actions: ['clarify'] },
  { name: 'quality', icon: 'checklist', actions: ['check_quality'] },
  { name: 'find', icon: 'search', actions: ['read'] },
  { name: 'originals', icon: 'box', actions: ['put_in_boxes', 'destroy_originals'] },
  { name: 'admin', icon: 'settings', actions: ['administer', 'see_figures', 'audit'] },
];

class App extends Screen {
  static properties = {
    session: { state: true }, room: { state: true }, parts: { state: true }, messages: { state: true },
    offline: { state: true }, loginOver: { state: true }, open: { state: true }, ready: { state: true },
    calls: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { session: null, parts: [], messages: [], offline: false, loginOver: null, open: 0, ready: false, calls: [] });
  }

  entered() {
    this.on(window, 'hashchange', () => this.route());
    this.on(document, 'mailroom-message', (event) => this.showMessage(event.detail));
    this.on(document, 'mailroom-language', () => this.changeLanguage());
    this.on(document, 'mailroom-logout', () => this.logOut());
    this.on(document, 'mailroom-lock', () => this.lock());
    this.on(daemon.connection, 'offline', () => { this.offline = true; });
    this.on(daemon.connection, 'online', () => this.comeBack());
    this.on(daemon.connection, 'login', (event) => { this.loginOver = event.detail; });
    this.on(live, 'clarifications', () => this.countOpen());
    this.on(live, 'kiosk', () => this.lookForCalls());
    this.on(live, 'resync', () => { this.countOpen(); this.lookForCalls(); });
    this.leaving.push(registerKeys([
      { keys: ['?'], label: 'help.open', run: () => this.querySelector('mr-help').show() },
      ...rooms.map((room, index) => ({ keys: [`Alt+${index + 1}`], inFields: true, run: () => this.goTo(room) })),
    ]));
    this.start();
  }

  async start() {
    try {
      this.session = await daemon.session();
    } catch {
      daemon.setOnline(false);
      setTimeout(() => this.start(), 2000);
      return;
    }
    if (this.session) await this.begin();
    this.ready = true;
  }

  async begin() {
    await loadTerms();
    startLive();
    this.stopWatch?.();
    this.stopWatch = lockWhenIdle(this.session.lock_seconds, () => this.lock());
    this.countOpen();
    this.lookForCalls();
    this.route();
  }

  visibleRooms() { return rooms.filter((room) => room.actions.some((action) => this.may(action))); }
  may(action) { return this.session?.actions.includes(action) ?? false; }
  goTo(room) { if (this.visibleRooms().includes(room)) location.hash = link(room.name); }

  route() {
    const [name, ...parts] = location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);
    const room = this.visibleRooms().find((candidate) => candidate.name === name) ?? this.visibleRooms()[0];
    if (!room) return;
    this.room = room;
    this.parts = parts;
    document.title = `${t(`room.${room.name}`)} – ${t('app.name')}`;
  }

  comeBack() {
    this.offline = false;
    say(t('connection.back'), 'success');
  }

  async countOpen() {
    if (!this.may('clarify')) return;
    const answer = await this.attempt(() => daemon.get('/clarifications'));
    if (answer) this.open = answer.clarifications.length;
  }

  /** Citizens at kiosks who ask for somebody. */
  async lookForCalls() {
    if (!this.may('scan')) return;
    const answer = await this.attempt(() => daemon.get('/kiosks'));
    if (answer) this.calls = answer.calls;
  }

  async answerCall(call) {
    await this.attempt(() => daemon.post(`/kiosks/${encodeURIComponent(call.kiosk)}/coming`));
    await this.lookForCalls();
  }

  async loggedIn(session) {
    this.session = session;
    await this.begin();
  }

  /** A login over the screen: what is being done below stays as it is, typed or not. */
  loggedInAnew(session) {
    const over = this.loginOver;
    const isAnother = session.user !== this.session.user;
    this.loginOver = null;
    if (isAnother) { location.reload(); return; }
    this.session = session;
    startLive();
    over.done();
  }

  lock() { if (!this.loginOver && !this.offline) daemon.lock().catch(() => {}); }

  async logOut() {
    stopLive();
    await daemon.remove('/session');
    location.hash = '';
    location.reload();
  }

  async changeLanguage() {
    await loadWords(chosenLanguage());
    // Every screen is drawn anew; what is typed lives in its properties and stays.
    for (const element of [this, ...this.querySelectorAll('*')]) element.requestUpdate?.();
  }

  showMessage(message) {
    this.messages = [...this.messages.slice(-2), message];
    setTimeout(() => this.dropMessage(message), message.kind === 'danger' ? 12000 : 5000);
  }

  dropMessage(message) { this.messages = this.messages.filter((other) => other !== message); }

  render() {
    if (!this.ready) return this.offline ? this.banner() : nothing;
    if (!this.session) {
      return html`${this.offline ? this.banner() : nothing}
        <mr-login @logged-in=${(event) => this.loggedIn(event.detail)}></mr-login>`;
    }
    return html`
      <a class="mr-skip" href="#main" @click=${this.skip}>${t('app.skip')}</a>
      <nav class="mr-rail" aria-label=${t('app.navigation')}>
        <div class="mr-rail__rooms">${this.visibleRooms().map((room) => this.roomLink(room))}</div>
        <mr-settings .session=${this.session}></mr-settings>
        <button class="mr-rail__item" @click=${() => this.querySelector('mr-help').show()}>
          ${icon('question-mark')}<span>${t('help.title')}</span></button>
      </nav>
      <div class="mr-stage">
        ${this.offline ? this.banner() : nothing}
        ${this.calls.filter((call) => call.help === 'called').map((call) => this.call(call))}
        <main id="main" tabindex="-1">${this.roomElement()}</main>
      </div>
      <div class="mr-messages" role="status" aria-live="polite">${this.messages.map((message) => this.message(message))}</div>
      <mr-help></mr-help>
      ${this.session.must_change_password ? html`<mr-password-change
        @changed=${() => { this.session = { ...this.session, must_change_password: false }; }}></mr-password-change>` : nothing}
      ${this.loginOver ? html`<mr-login-over .user=${this.session.user} .locked=${this.loginOver.locked}
        @logged-in=${(event) => this.loggedInAnew(event.detail)}></mr-login-over>` : nothing}`;
  }

  skip(event) {
    event.preventDefault();
    document.getElementById('main').focus();
  }

  banner() {
    return html`<div class="mr-banner" role="alert">${icon('warning')}<strong>${t('connection.lost')}</strong>
      <span>${t('connection.kept')}</span></div>`;
  }

  call(call) {
    return html`<div class="mr-banner" role="alert">${icon('warning')}<strong>${t('kiosk.call', { kiosk: call.kiosk })}</strong>
      <button class="kern-btn kern-btn--primary" @click=${() => this.answerCall(call)}><span class="kern-label">${t('kiosk.coming')}</span></button></div>`;
  }

  roomLink(room) {
    const here = room === this.room;
    return html`<a class="mr-rail__item" href=${link(room.name)} aria-current=${here ? 'page' : nothing}>
      ${icon(room.icon)}<span>${t(`room.${room.name}`)}</span>
      ${room.name === 'clarify' && this.open > 0
        ? html`<span class="mr-rail__count" aria-label=${t('clarify.open', { n: this.open })}>${this.open}</span>` : nothing}</a>`;
  }

  roomElement() {
    switch (this.room?.name) {
      case 'scan': return html`<mr-scan .session=${this.session} .batch=${this.parts[0] ?? ''}></mr-scan>`;
      case 'batches':
        return this.parts[0]
          ? html`<mr-batch .id=${this.parts[0]} .at=${this.parts[1] ?? ''} .session=${this.session}></mr-batch>`
          : html`<mr-batches></mr-batches>`;
      case 'clarify': return html`<mr-queue .session=${this.session}></mr-queue>`;
      case 'quality': return html`<mr-quality .batch=${this.parts[0] ?? ''} .document=${this.parts[1] ?? ''}></mr-quality>`;
      case 'find': return html`<mr-find .id=${this.parts[0] ?? ''} .about=${this.parts[1] ?? ''} .session=${this.session}></mr-find>`;
      case 'originals': return html`<mr-originals .session=${this.session}></mr-originals>`;
      case 'admin': return html`<mr-admin .session=${this.session} .part=${this.parts[0] ?? ''}></mr-admin>`;
      default: return html`<p class="mr-empty">${t('app.no_room')}</p>`;
    }
  }

  message(message) {
    return html`<div class="kern-alert kern-alert--${message.kind} mr-message">
      <div class="kern-alert__header">${icon(message.kind)}<span class="kern-title">${message.text}</span>
        <button class="mr-icon-button" aria-label=${t('message.close')} @click=${() => this.dropMessage(message)}>${icon('close')}</button></div>
      ${message.remedy ? html`<div class="kern-alert__body"><p class="kern-body">${message.remedy}</p></div>` : nothing}</div>`;
  }
}

applyTheme();
await loadWords(chosenLanguage());
customElements.define('mr-app', App);
