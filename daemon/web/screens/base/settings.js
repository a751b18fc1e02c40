// Who is logged in; language, look, log out.

import { html, Screen, icon } from './screen.js';
import { chooseTheme, chosenTheme, themes } from './theme.js';
import { currentLanguage, t } from './words.js';

class Settings extends Screen {
  static properties = { session: {} };

  show() { this.querySelector('dialog').showModal(); }
  close() { this.querySelector('dialog').close(); }

  language(event) {
    localStorage.setItem('mailroom.language', event.target.value);
    document.dispatchEvent(new Event('mailroom-language'));
  }

  theme(event) {
    chooseTheme(event.target.value);
    this.requestUpdate();
  }

  render() {
    return html`<button class="mr-rail__item" @click=${this.show} aria-haspopup="dialog">
        ${icon('account-circle')}<span>${this.session.name || this.session.user}</span></button>
      <dialog class="kern-dialog mr-dialog mr-dialog--small" aria-labelledby="settings-title">
        <header class="kern-dialog__header"><h2 class="kern-title" id="settings-title">${this.session.name || this.session.user}</h2>
          <button class="mr-icon-button" aria-label=${t('dialog.close')} @click=${this.close}>${icon('close')}</button></header>
        <section class="kern-dialog__body">
          <p class="mr-muted">${this.session.roles.map((role) => t(`role.${role}`)).join(', ')}</p>
          ${this.choice('settings.language', currentLanguage(), [['de', 'Deutsch'], ['en', 'English']], this.language)}
          ${this.choice('settings.theme', chosenTheme(), themes.map((theme) => [theme, t(`theme.${theme}`)]), this.theme)}
        </section>
        <footer class="kern-dialog__footer">
          <button class="kern-btn kern-btn--secondary" @click=${() => { this.close(); document.dispatchEvent(new Event('mailroom-lock')); }}>
            <span class="kern-label">${t('settings.lock')}</span></button>
          <button class="kern-btn kern-btn--secondary" @click=${() => document.dispatchEvent(new Event('mailroom-logout'))}>
            ${icon('logout')}<span class="kern-label">${t('settings.logout')}</span></button>
        </footer></dialog>`;
  }

  choice(label, chosen, options, change) {
    return html`<label class="mr-field"><span class="mr-field__label">${t(label)}</span>
      <select class="mr-input" @change=${change}>${options.map(([value, text]) =>
        html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}</select></label>`;
  }
}
customElements.define('mr-settings', Settings);
