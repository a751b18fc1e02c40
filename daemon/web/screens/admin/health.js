// How the machine is: what needs the administrator comes first.

import { html, nothing, Screen, errorText, icon } from '../base/screen.js';
import { DaemonError, get } from '../base/daemon.js';
import { bars } from './bars.js';
import { bytes, clock, number, t } from '../base/words.js';

class Health extends Screen {
  static properties = { status: { state: true }, devices: { state: true }, fault: { state: true } };

  entered() {
    Object.assign(this, { status: null, devices: null, fault: '' });
    this.load();
    this.loadDevices();
    const timer = setInterval(() => this.load(), 5000);
    this.leaving.push(() => clearInterval(timer));
  }

  async load() { this.status = await this.attempt(() => get('/status')) ?? this.status; }

  /** Looking for scanners takes seconds and disturbs them: once, and when somebody asks. */
  async loadDevices() {
    this.devices = null;
    try {
      this.devices = (await get('/devices')).devices;
      this.fault = '';
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      Object.assign(this, { devices: [], fault: errorText(error) });
    }
  }

  warnings() {
    const { broker, broker_reason, disk, dead_letters } = this.status;
    return [
      broker !== 'connected' && t('health.broker_away', { reason: broker_reason || broker }),
      disk.free_mib < disk.reserve_mib * 2 && t('health.disk_low', { free: bytes(disk.free_mib * 2 ** 20) }),
      this.fault && t('health.devices_error', { text: this.fault }),
      dead_letters > 0 && t('health.dead_letters', { n: dead_letters }),
    ].filter(Boolean);
  }

  render() {
    if (!this.status) return nothing;
    const { status } = this;
    const warnings = this.warnings();
    const counts = [['health.pages_waiting', status.pages_waiting], ['health.owed', status.deliveries_owed],
                    ['health.clarifications', status.clarifications_open], ['health.dead', status.dead_letters]];
    return html`${warnings.length
        ? html`<ul class="mr-blocked">${warnings.map((warning) => html`<li>${icon('warning')}${warning}</li>`)}</ul>`
        : html`<p class="mr-done">${icon('success')}<span>${t('health.well')}</span></p>`}
      <div class="mr-counters">${counts.map(([label, value]) => html`<div class="mr-counter"><strong>${number(value)}</strong><span>${t(label)}</span></div>`)}
        <div class="mr-counter"><strong>${bytes(status.disk.free_mib * 2 ** 20)}</strong><span>${t('health.disk', { reserve: bytes(status.disk.reserve_mib * 2 ** 20) })}</span></div></div>
      <div class="mr-halves">
        <div><div class="mr-fields__head"><h2>${t('health.devices')}</h2><button class="mr-link-button" ?disabled=${!this.devices} @click=${() => this.loadDevices()}>${t('health.look')}</button></div>${this.deviceTable()}</div>
        <div><h2>${t('health.recipients')}</h2>${this.recipients()}</div></div>
      <h2>${t('health.throughput')}</h2>
      ${bars(status.throughput.map((hour) => ({ name: clock(`${hour.hour}:00:00Z`), value: hour.pages })), t('health.throughput'))}
      <p class="mr-muted">${t('health.version', { version: status.version, digest: status.configuration.slice(0, 12) })}</p>`;
  }

  deviceTable() {
    if (!this.devices) return html`<p class="mr-muted" role="status">${t('health.looking')}</p>`;
    if (!this.devices.length) return html`<p class="mr-muted">${t('health.no_devices')}</p>`;
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('health.devices')}</caption><thead><tr><th scope="col">${t('health.device')}</th><th scope="col">${t('health.model')}</th><th scope="col">${t('batches.state')}</th></tr></thead>
      <tbody>${this.devices.map((device) => html`<tr><td>${device.name}</td><td>${device.vendor} ${device.model}</td>
        <td>${t(this.status.feeding.includes(device.name) ? 'health.feeds' : 'health.ready')}</td></tr>`)}</tbody></table>`;
  }

  recipients() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('health.recipients')}</caption><thead><tr><th scope="col">${t('find.recipient')}</th><th scope="col" class="is-number">${t('health.owed')}</th>
      <th scope="col" class="is-number">${t('health.stored')}</th><th scope="col" class="is-number">${t('health.sent_back')}</th></tr></thead>
      <tbody>${this.status.recipients.map((recipient) => html`<tr><td>${recipient.id}</td><td class="is-number">${recipient.owed}</td><td class="is-number">${recipient.stored}</td><td class="is-number">${recipient.sent_back}</td></tr>`)}</tbody></table>`;
  }
}
customElements.define('mr-health', Health);
