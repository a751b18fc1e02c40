// Logging in, and logging in anew over a screen whose session ended.

import './badge.js';
import { html, nothing, Screen, errorDetail, errorText, icon, say } from '../base/screen.js';
import { DaemonError, logIn, post, unlock } from '../base/daemon.js';
import { currentLanguage, t } from '../base/words.js';

class LoginForm extends Screen {
  static properties = { user: {}, fixed: { type: Boolean }, locked: { type: Boolean }, failure: { state: true }, busy: { state: true } };

  constructor() {
    super();
    Object.assign(this, { user: '', fixed: false, locked: false, failure: '', busy: false });
  }

  firstUpdated() { this.querySelector(this.fixed ? '[name=password]' : '[name=user]').focus(); }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    this.busy = true;
    this.failure = '';
    try {
      const session = await (this.locked ? unlock(form.password.value) : logIn(form.user.value, form.password.value));
      this.dispatchEvent(new CustomEvent('logged-in', { detail: session, bubbles: true }));
    } catch (error) {
      this.failure = error instanceof DaemonError && error.status
        ? (error.status === 401 ? t('login.wrong') : errorText(error))
        : t('connection.lost');
      form.password.value = '';
      form.password.focus();
    }
    this.busy = false;
  }

  render() {
    return html`<form class="mr-form" @submit=${this.submit}>
      <label class="mr-field"><span class="mr-field__label">${t('login.user')}</span>
        <input class="mr-input" name="user" autocomplete="username" required autocapitalize="none" spellcheck="false"
          .value=${this.user} ?readonly=${this.fixed}></label>
      <label class="mr-field"><span class="mr-field__label">${t('login.password')}</span>
        <input class="mr-input" name="password" type="password" autocomplete="current-password" required
          aria-describedby=${this.failure ? 'login-failure' : nothing} aria-invalid=${this.failure ? 'true' : nothing}></label>
      ${this.failure ? html`<p class="mr-failure" id="login-failure" role="alert">${icon('danger')}${this.failure}</p>` : nothing}
      <button class="kern-btn kern-btn--primary kern-btn--block" ?disabled=${this.busy}>
        <span class="kern-label">${t('login.submit')}</span></button></form>`;
  }
}
customElements.define('mr-login-form', LoginForm);

class Login extends Screen {
  language(wanted) {
    localStorage.setItem('mailroom.language', wanted);
    document.dispatchEvent(new Event('mailroom-language'));
  }

  render() {
    return html`<main class="mr-login">
      <section class="mr-login__card">
        <h1 class="mr-login__title"><img src="/icon.svg" alt="" width="40" height="40">${t('app.name')}</h1>
        <mr-login-form></mr-login-form>
        <mr-badge-form></mr-badge-form>
        <p class="mr-muted">${t('login.audited')}</p>
        <div class="mr-login__languages">${[['de', 'Deutsch'], ['en', 'English']].map(([code, name]) => html`
          <button class="mr-link-button" lang=${code} aria-pressed=${currentLanguage() === code}
            @click=${() => this.language(code)}>${name}</button>`)}</div>
      </section></main>`;
  }
}
customElements.define('mr-login', Login);

class LoginOver extends Screen {
  static properties = { user: {}, locked: { type: Boolean } };

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    // Other dialogs are modal too: the last one opened is on top.
    dialog.showModal();
    dialog.addEventListener('cancel', (event) => event.preventDefault());
  }

  render() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small ${this.locked ? 'mr-dialog--lock' : ''}" aria-labelledby="over-title">
      <header class="kern-dialog__header"><h2 class="kern-title" id="over-title">${t(this.locked ? 'login.locked' : 'login.expired')}</h2></header>
      <section class="kern-dialog__body"><p class="kern-body">${t('login.expired_text')}</p>
        <mr-login-form .user=${this.user} .fixed=${true} .locked=${this.locked}></mr-login-form>
        <mr-badge-form></mr-badge-form></section></dialog>`;
  }
}
customElements.define('mr-login-over', LoginOver);

/** A first password is for once: the person chooses one before anything else. Emits "changed". */
class PasswordChange extends Screen {
  static properties = { failure: { state: true } };

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog.showModal();
    dialog.addEventListener('cancel', (event) => event.preventDefault());
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    try {
      await post('/session/password', { password: form.password.value, new_password: form.new_password.value });
      say(t('login.changed'), 'success');
      this.dispatchEvent(new Event('changed'));
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      this.failure = [errorText(error), errorDetail(error)].filter(Boolean).join(' ');
    }
  }

  render() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" aria-labelledby="change-title"><form @submit=${this.submit}>
      <header class="kern-dialog__header"><h2 class="kern-title" id="change-title">${t('login.change')}</h2></header>
      <section class="kern-dialog__body"><p>${t('login.change_text')}</p>
        <label class="mr-field"><span class="mr-field__label">${t('login.password')}</span>
          <input class="mr-input" name="password" type="password" autocomplete="current-password" required></label>
        <label class="mr-field"><span class="mr-field__label">${t('login.new_password')}</span>
          <input class="mr-input" name="new_password" type="password" autocomplete="new-password" minlength="12" required></label>
        ${this.failure ? html`<p class="mr-failure" role="alert">${icon('danger')}${this.failure}</p>` : nothing}</section>
      <footer class="kern-dialog__footer"><button class="kern-btn kern-btn--primary"><span class="kern-label">${t('login.change')}</span></button></footer></form></dialog>`;
  }
}
customElements.define('mr-password-change', PasswordChange);
