// The administrator's page: the machine's health, users, figures, configuration, log. No content of any document.

import { html, nothing, Screen, link } from '../base/screen.js';
import { t } from '../base/words.js';
import './health.js';
import './users.js';
import './figures.js';
import './configuration.js';
import './audit.js';

const parts = [
  { name: 'health', action: 'administer', element: () => html`<mr-health></mr-health>` },
  { name: 'users', action: 'administer', element: () => html`<mr-users></mr-users>` },
  { name: 'figures', action: 'see_figures', element: () => html`<mr-figures></mr-figures>` },
  { name: 'configuration', action: 'administer', element: () => html`<mr-configuration></mr-configuration>` },
  { name: 'audit', action: 'audit', element: () => html`<mr-audit></mr-audit>` },
];

class Admin extends Screen {
  static properties = { session: {}, part: {} };

  render() {
    const open = parts.filter((part) => this.session.actions.includes(part.action));
    const here = open.find((part) => part.name === this.part) ?? open[0];
    return html`<div class="mr-room">
      <header class="mr-head"><h1>${t('room.admin')}</h1>
        <nav class="mr-tabs" aria-label=${t('room.admin')}>${open.map((part) => html`
          <a href=${link('admin', part.name)} aria-current=${part === here ? 'page' : nothing}>${t(`admin.${part.name}`)}</a>`)}</nav></header>
      <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${here ? t(`admin.${here.name}`) : t('room.admin')}>${here?.element()}</section></div>`;
  }
}
customElements.define('mr-admin', Admin);
