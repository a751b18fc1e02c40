// A keyboard on the screen, for those who have none before them. It writes into the field that was used last.
import { html } from './lib/lit.js';
import { t } from './words.js';

const letters = ['1234567890', 'QWERTZUIOPÜ', 'ASDFGHJKLÖÄ', 'YXCVBNMß-/'];
const digits = ['123', '456', '789', '0'];

export function keyboard(onlyDigits, press) {
  const key = (label, name = label) => html`<button type="button" class="mr-key" data-key=${name} @click=${() => press(name)}>${label}</button>`;
  return html`<div class="mr-keyboard ${onlyDigits ? 'mr-keyboard--digits' : ''}" role="group" aria-label=${t('keyboard')}>
    ${(onlyDigits ? digits : letters).map((row) => html`<div class="mr-keyrow">${[...row].map((one) => key(one))}</div>`)}
    <div class="mr-keyrow">
      ${onlyDigits ? '' : html`<button type="button" class="mr-key mr-key--wide" data-key=" " @click=${() => press(' ')}>${t('key.space')}</button>`}
      <button type="button" class="mr-key mr-key--wide" data-key="Backspace" @click=${() => press('Backspace')}>${t('key.delete')}</button>
    </div>
  </div>`;
}

/** The value after a key was pressed. */
export function typed(value, key) {
  return key === 'Backspace' ? [...value].slice(0, -1).join('') : value + key;
}
