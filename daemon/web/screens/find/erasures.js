// Erasure of what must not have been opened here: one person asks for it, another one confirms.

import { html, nothing, Screen, icon, link, say } from '../base/screen.js';
import { get, post } from '../base/daemon.js';
import { moment, t } from '../base/words.js';

class Erasures extends Screen {
  static properties = { about: {}, erasures: { state: true }, reasons: { state: true }, deciding: { state: true } };

  constructor() {
    super();
    Object.assign(this, { about: '', erasures: null, reasons: [], deciding: null });
  }

  entered() {
    this.reloadOn(['batch', 'clarifications'], () => this.load(), 1000);
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get('/erasures'));
    if (answer) Object.assign(this, { erasures: answer.erasures, reasons: answer.reasons });
  }

  async ask(event) {
    event.preventDefault();
    const form = event.target;
    if (!await this.attempt(() => post('/erasures', { subject: form.subject.value.trim(), reason: form.reason.value }))) return;
    form.reset();
    this.about = '';
    say(t('erasure.asked'), 'success');
    this.load();
  }

  async refuse(erasure) {
    if (await this.attempt(() => post(`/erasures/${erasure.id}/refuse`))) this.load();
  }

  async wantsToConfirm(erasure) {
    this.deciding = erasure;
    await this.updateComplete;
    this.querySelector('#erase').showModal();
  }

  async confirm(event) {
    event.preventDefault();
    const { id } = this.deciding;
    this.querySelector('#erase').close();
    if (await this.attempt(() => post(`/erasures/${id}/confirm`))) say(t('erasure.done'), 'success');
    this.load();
  }

  render() {
    return html`<header class="mr-fields__head"><h2>${t('find.erasures')}</h2></header>
      <p class="mr-muted">${t('erasure.rule')}</p>
      <form class="mr-new-box" @submit=${this.ask}>
        <label class="mr-inline mr-inline--stacked"><span>${t('erasure.subject')}</span><input class="mr-input" name="subject" required maxlength="60" autocomplete="off" .value=${this.about}></label>
        <label class="mr-inline mr-inline--stacked"><span>${t('find.reason')}</span><select class="mr-input" name="reason">${this.reasons.map((reason) => html`<option value=${reason}>${t(`erasure.${reason}`)}</option>`)}</select></label>
        <button class="kern-btn kern-btn--secondary"><span class="kern-label">${t('erasure.ask')}</span></button></form>
      ${this.erasures?.length ? this.table() : this.erasures ? html`<p class="mr-muted">${t('erasure.none')}</p>` : nothing}
      ${this.deciding ? this.dialog() : nothing}`;
  }

  table() {
    return html`<table class="mr-table"><caption class="kern-sr-only">${t('find.erasures')}</caption><thead><tr><th scope="col">${t('column.number')}</th><th scope="col">${t('find.reason')}</th>
      <th scope="col">${t('erasure.asked_by')}</th><th scope="col">${t('batches.state')}</th><th scope="col"><span class="kern-sr-only">${t('quality.decision')}</span></th></tr></thead>
      <tbody>${this.erasures.map((erasure) => html`<tr><td><a href=${erasure.scope === 'batch' ? link('batches', erasure.number) : link('find', erasure.number)}>${erasure.number}</a></td><td>${t(`erasure.${erasure.reason}`)}</td>
        <td>${erasure.requested_by}<br><span class="mr-muted">${moment(erasure.requested_at)}</span></td>
        <td>${t(`erasure.state_${erasure.state}`)}${erasure.decided_by ? html`<br><span class="mr-muted">${erasure.decided_by}, ${moment(erasure.decided_at)}</span>` : nothing}</td>
        <td><div class="mr-decisions">${this.decisions(erasure)}</div></td></tr>`)}</tbody></table>`;
  }

  decisions(erasure) {
    if (!erasure.may_refuse) return nothing;
    return html`<button class="mr-link-button" aria-label=${`${t('erasure.refuse')}: ${erasure.number}`} @click=${() => this.refuse(erasure)}>${t('erasure.refuse')}</button>
      ${erasure.may_confirm ? html`<button class="kern-btn kern-btn--secondary" aria-label=${`${t('erasure.confirm')}: ${erasure.number}`} @click=${() => this.wantsToConfirm(erasure)}><span class="kern-label">${t('erasure.confirm')}</span></button>`
        : html`<span class="mr-muted">${t('erasure.waits')}</span>`}`;
  }

  dialog() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" id="erase" aria-labelledby="erase-title"><form @submit=${this.confirm}>
      <header class="kern-dialog__header"><h2 class="kern-title" id="erase-title">${t('erasure.confirm_title', { number: this.deciding.number })}</h2></header>
      <section class="kern-dialog__body"><p>${icon('warning')} ${t('erasure.confirm_text')}</p></section>
      <footer class="kern-dialog__footer"><button type="button" class="kern-btn kern-btn--secondary" @click=${() => this.querySelector('#erase').close()}><span class="kern-label">${t('dialog.cancel')}</span></button>
        <button class="kern-btn kern-btn--primary"><span class="kern-label">${t('erasure.confirm')}</span></button></footer></form></dialog>`;
  }
}
customElements.define('mr-erasures', Erasures);
