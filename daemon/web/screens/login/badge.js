// Logging in with a staff badge, where a station has a reader for them.

import { html, nothing, Screen, errorText, icon } from '../base/screen.js';
import { badgeStations, DaemonError, logInByBadge } from '../base/daemon.js';
import { t } from '../base/words.js';

const stationStorage = 'mailroom.station';

class BadgeForm extends Screen {
  static properties = { stations: { state: true }, failure: { state: true }, busy: { state: true } };

  constructor() {
    super();
    Object.assign(this, { stations: [], failure: '', busy: false });
  }

  async firstUpdated() {
    try {
      this.stations = await badgeStations();
    } catch {
      this.stations = [];  // the password is asked for as always
    }
  }

  async submit(event) {
    event.preventDefault();
    const form = event.target;
    this.busy = true;
    this.failure = '';
    try {
      localStorage.setItem(stationStorage, form.station.value);
      const session = await logInByBadge(form.station.value, form.pin.value);
      this.dispatchEvent(new CustomEvent('logged-in', { detail: session, bubbles: true }));
    } catch (error) {
      this.failure = error instanceof DaemonError && error.status
        ? (error.status === 401 ? t('login.badge_wrong') : errorText(error))
        : t('connection.lost');
      form.pin.value = '';
    }
    this.busy = false;
  }

  render() {
    if (!this.stations.length) return nothing;
    const own = localStorage.getItem(stationStorage);
    return html`<form class="mr-form" @submit=${this.submit}>
      <h2 class="kern-title">${t('login.badge')}</h2>
      <label class="mr-field"><span class="mr-field__label">${t('login.badge_station')}</span>
        <select class="mr-input" name="station">${this.stations.map((station) =>
          html`<option value=${station} ?selected=${station === own}>${station}</option>`)}</select></label>
      <label class="mr-field"><span class="mr-field__label">${t('login.badge_pin')}</span>
        <input class="mr-input" name="pin" type="password" inputmode="numeric" autocomplete="off" maxlength="64"
          aria-describedby=${this.failure ? 'badge-failure' : nothing} aria-invalid=${this.failure ? 'true' : nothing}></label>
      ${this.failure ? html`<p class="mr-failure" id="badge-failure" role="alert">${icon('danger')}${this.failure}</p>` : nothing}
      <button class="kern-btn kern-btn--secondary kern-btn--block" ?disabled=${this.busy}>
        <span class="kern-label">${t('login.badge_submit')}</span></button></form>`;
  }
}
customElements.define('mr-badge-form', BadgeForm);
