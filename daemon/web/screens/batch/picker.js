// Choosing one of many by typing: departments, classes. Emits "picked" { id }.

import { html, Screen, icon } from '../base/screen.js';
import { t } from '../base/words.js';

class Picker extends Screen {
  static properties = { heading: {}, options: {}, typed: { state: true }, at: { state: true } };

  constructor() {
    super();
    Object.assign(this, { heading: '', options: [], typed: '', at: 0 });
  }

  async show() {
    Object.assign(this, { typed: '', at: 0 });
    await this.updateComplete;
    this.querySelector('dialog').showModal();
    this.querySelector('input').focus();
  }

  found() {
    const words = this.typed.toLowerCase().split(/\s+/);
    return this.options.filter((option) => words.every((word) => `${option.name} ${option.code ?? ''}`.toLowerCase().includes(word)));
  }

  pick(option) {
    this.querySelector('dialog').close();
    if (option) this.dispatchEvent(new CustomEvent('picked', { detail: { id: option.id } }));
  }

  key(event) {
    const found = this.found();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) this.at = Math.min(Math.max(this.at + step, 0), found.length - 1);
    else if (event.key === 'Enter') this.pick(found[this.at]);
    else return;
    event.preventDefault();
    this.updateComplete.then(() => this.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }));
  }

  render() {
    const found = this.found();
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small mr-picker" aria-labelledby="picker-title">
      <header class="kern-dialog__header"><h2 class="kern-title" id="picker-title">${this.heading}</h2>
        <button class="mr-icon-button" aria-label=${t('dialog.close')} @click=${() => this.pick(null)}>${icon('close')}</button></header>
      <section class="kern-dialog__body">
        <input class="mr-input" role="combobox" aria-expanded="true" aria-controls="picker-list" aria-label=${this.heading}
          aria-activedescendant=${found[this.at] ? `pick-${found[this.at].id}` : ''} .value=${this.typed}
          @input=${(event) => { this.typed = event.target.value; this.at = 0; }} @keydown=${this.key}>
        <ul class="mr-picker__list" id="picker-list" role="listbox" aria-label=${this.heading}>${found.map((option, index) => html`
          <li id="pick-${option.id}" role="option" aria-selected=${index === this.at ? 'true' : 'false'} @click=${() => this.pick(option)}>
            <span>${option.name}</span><span class="mr-muted">${option.code ?? ''}</span></li>`)}</ul>
        ${found.length ? '' : html`<p class="mr-muted">${t('picker.none')}</p>`}
      </section></dialog>`;
  }
}
customElements.define('mr-picker', Picker);
