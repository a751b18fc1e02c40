// How the machine is: what needs the administrator comes first.

import { html, nothing, Screen, icon } from '../base/screen.js';
import { get } from '../base/daemon.js';
import { bars } from './bars.js';
import { bytes, clock, number, t } from '../base/words.js';

class Health extends Screen {
  static properties = { status: { state: true } };

  entered() {
    this.status = null;
    this.load();
    const timer = setInterval(() => this.load(), 5000);
    this.leaving.push(() => clearInterval(timer));
  }

  async load() { this.status = await this.attempt(() => get('/status')) ?? this.status; }

  warnings() {
    const { broker, broker_reason, disk, dead_letters, devices_error } = this.status;
    return [
      broker !== 'connected' && t('health.broker_away', { reason: broker_reason || broker }),
      disk.free_mib < disk.reserve_mib * 2 && t('health.disk_low', { free: bytes(disk.free_mib * 2 ** 20) }),
      devices_error && t('health.devices_error', { text: devices_error }),
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
        <div><h2>${t('health.devices')}</h2>${this.devices()}</div>
        <div><h2>${t('health.recipients')}</h2>${this.recipients()}</div></div>
      <h2>${t('health.throughput')}</h2>
      ${bars(status.throughput.map((hour) => ({ name: clock(hour.hour), value: hour.pages })), t('health.throughput'))}
      <p class="mr-muted">${t('health.version', { version: status.version, digest: status.configuration.slice(0, 12) })}</p>`;
  }

  devices() {
    const devices = this.status.devices ?? [];
    if (!devices.length) return html`<p class="mr-muted">${t('health.no_devices')}</p>`;
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('health.devices')}</caption><thead><tr><th scope="col">${t('health.device')}</th><th scope="col">${t('health.model')}</th><th scope="col">${t('batches.state')}</th></tr></thead>
      <tbody>${devices.map((device) => html`<tr><td>${device.name}</td><td>${device.vendor} ${device.model}</td>
        <td>${t(this.status.feeding.includes(device.name) ? 'health.feeds' : 'health.ready')}</td></tr>`)}</tbody></table>`;
  }

  recipients() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('health.recipients')}</caption><thead><tr><th scope="col">${t('find.recipient')}</th><th scope="col" class="is-number">${t('health.owed')}</th>
      <th scope="col" class="is-number">${t('health.stored')}</th><th scope="col" class="is-number">${t('health.sent_back')}</th></tr></thead>
      <tbody>${this.status.recipients.map((recipient) => html`<tr><td>${recipient.id}</td><td class="is-number">${recipient.owed}</td><td class="is-number">${recipient.stored}</td><td class="is-number">${recipient.sent_back}</td></tr>`)}</tbody></table>`;
  }
}
customElements.define('mr-health', Health);
