// The shortcuts that act on the screen that is open.

import { html, Screen, icon } from './screen.js';
import { activeShortcuts, keyName, setSingleKeys, singleKeysOn } from './keys.js';
import { t } from './words.js';

class Help extends Screen {
  show() {
    this.requestUpdate();
    this.updateComplete.then(() => this.querySelector('dialog').showModal());
  }

  close() { this.querySelector('dialog').close(); }

  /** A row of digits is shown by its ends. */
  keys(keys) {
    if (keys.length > 3) return html`<kbd>${keyName(keys[0])}</kbd> – <kbd>${keyName(keys.at(-1))}</kbd>`;
    return keys.map((key, index) => html`${index ? ' / ' : ''}<kbd>${keyName(key)}</kbd>`);
  }

  render() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--help" aria-labelledby="help-title">
      <header class="kern-dialog__header"><h2 class="kern-title" id="help-title">${t('help.heading')}</h2>
        <button class="mr-icon-button" aria-label=${t('dialog.close')} @click=${this.close}>${icon('close')}</button></header>
      <section class="kern-dialog__body">
        <ul class="mr-keys">${activeShortcuts().map((shortcut) => html`<li>
          <span>${this.keys(shortcut.keys)}</span><span>${t(shortcut.label)}</span></li>`)}</ul>
        <label class="mr-check"><input type="checkbox" .checked=${singleKeysOn()}
          @change=${(event) => { setSingleKeys(event.target.checked); this.requestUpdate(); }}>
          <span>${t('help.single_keys')}</span></label>
        <p class="mr-muted">${t('help.single_keys_off')}</p>
      </section></dialog>`;
  }
}
customElements.define('mr-help', Help);
