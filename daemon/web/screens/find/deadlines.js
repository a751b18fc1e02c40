// Until when invoices are to be paid, and how far the payment system has come with them.

import { html, nothing, Screen, link } from '../base/screen.js';
import { get } from '../base/daemon.js';
import { amount, day, t, tOr } from '../base/words.js';

class Deadlines extends Screen {
  static properties = { deadlines: { state: true } };

  entered() {
    this.deadlines = null;
    this.reloadOn(['batch'], () => this.load(), 2000);
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get('/deadlines'));
    if (answer) this.deadlines = answer.deadlines;
  }

  render() {
    return html`<header class="mr-fields__head"><h2>${t('find.deadlines')}</h2></header>
      <p class="mr-muted">${t('deadline.text')}</p>
      ${this.deadlines?.length ? this.table() : this.deadlines ? html`<p class="mr-muted">${t('deadline.none')}</p>` : nothing}`;
  }

  table() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('find.deadlines')}</caption><thead><tr><th scope="col">${t('deadline.pay_by')}</th><th scope="col">${t('deadline.what')}</th>
      <th scope="col">${t('deadline.invoice')}</th><th scope="col" class="is-number">${t('field.payable_amount')}</th></tr></thead>
      <tbody>${this.deadlines.map((entry) => html`<tr><td>${day(entry.pay_by)}${entry.urgency === 'later' ? nothing : html`<br><span class="mr-tag mr-tag--${entry.urgency === 'passed' ? 'deadline' : 'urgent'}">${t(`deadline.${entry.urgency}`)}</span>`}</td>
        <td>${t(`deadline.kind_${entry.kind}`)}<br><span class="mr-muted">${day(entry.date)}</span></td>
        <td>${entry.creditor || entry.invoice_number}<br><a href=${link('find', entry.document)}>${entry.document}</a> <span class="mr-muted">${entry.invoice_number}</span></td>
        <td class="is-number">${entry.payable ? amount(entry.payable) : ''}<br><span class="mr-muted">${tOr(`state.invoice.${entry.state}`, entry.state)}</span></td></tr>`)}</tbody></table>`;
  }
}
customElements.define('mr-deadlines', Deadlines);
