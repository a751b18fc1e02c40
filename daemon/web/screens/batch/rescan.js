// One sheet fed again, in the place of a page or behind it. Emits "rescanned" with the new view.

import { html, Screen } from '../base/screen.js';
import { post } from '../base/daemon.js';
import { allTerms } from '../base/terms.js';
import { nameOf, t } from '../base/words.js';

class Rescan extends Screen {
  static properties = { batch: {}, page: {}, version: {}, station: {}, busy: { state: true } };

  show() {
    this.querySelector('dialog').showModal();
    return true;
  }

  async feed(event) {
    event.preventDefault();
    const form = event.target;
    this.busy = true;
    const view = await this.attempt(() => post(`/batches/${this.batch}/rescan`, {
      version: this.version, page: this.page.id, place: form.place.value, station: form.station.value }));
    this.busy = false;
    if (!view) return;
    this.querySelector('dialog').close();
    this.dispatchEvent(new CustomEvent('rescanned', { detail: view }));
  }

  render() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" aria-labelledby="rescan-title"><form @submit=${this.feed}>
      <header class="kern-dialog__header"><h2 class="kern-title" id="rescan-title">${t('rescan.title')}</h2></header>
      <section class="kern-dialog__body"><p>${t('rescan.text', { sheet: this.page?.sheet ?? '' })}</p>
        <fieldset class="mr-profiles"><legend class="mr-field__label">${t('rescan.place')}</legend>${['instead', 'behind'].map((place, index) => html`
          <label class="mr-profile"><input type="radio" name="place" value=${place} ?checked=${index === 0}><span class="mr-profile__name">${t(`rescan.${place}`)}</span></label>`)}</fieldset>
        <label class="mr-field"><span class="mr-field__label">${t('scan.station')}</span><select class="mr-input" name="station">${allTerms().stations.map((station) => html`
          <option value=${station.id} ?selected=${station.id === this.station}>${nameOf(station)}</option>`)}</select></label></section>
      <footer class="kern-dialog__footer">
        <button type="button" class="kern-btn kern-btn--secondary" @click=${() => this.querySelector('dialog').close()}><span class="kern-label">${t('dialog.cancel')}</span></button>
        <button class="kern-btn kern-btn--primary" ?disabled=${this.busy}><span class="kern-label">${t('rescan.feed')}</span></button></footer></form></dialog>`;
  }
}
customElements.define('mr-rescan', Rescan);
