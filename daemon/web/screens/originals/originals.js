// The paper: batches go into boxes by their fate; a box is destroyed only when nothing speaks against it.

import { html, nothing, Screen, icon, link, say } from '../base/screen.js';
import { get, post, put } from '../base/daemon.js';
import { allTerms } from '../base/terms.js';
import { day, moment, t, tOr } from '../base/words.js';

class OriginalsRoom extends Screen {
  static properties = { session: {}, boxes: { state: true }, chosen: { state: true }, fate: { state: true }, batch: { state: true } };

  constructor() {
    super();
    Object.assign(this, { boxes: null, chosen: '', fate: 'destroy', batch: '' });
  }

  entered() {
    this.reloadOn(['batch'], () => this.load(), 2000);
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get('/boxes'));
    if (!answer) return;
    this.boxes = answer.boxes;
    if (!this.box()) this.chosen = this.boxes[0]?.id ?? '';
  }

  box() { return this.boxes?.find((box) => box.id === this.chosen); }
  may(action) { return this.session.actions.includes(action); }

  async openBox(event) {
    event.preventDefault();
    const form = event.target;
    const box = await this.attempt(() => post('/boxes', { fate: form.fate.value, label: form.label.value.trim() }));
    if (!box) return;
    form.label.value = '';
    this.chosen = box.id;
    this.load();
  }

  async putIn(event) {
    event.preventDefault();
    const number = this.batch.trim();
    if (!number) return;
    if (await this.attempt(() => put(`/batches/${encodeURIComponent(number)}/box`, { box: this.chosen }))) {
      say(t('box.put_in', { number }), 'success');
      this.batch = '';
      this.load();
    }
  }

  async close() {
    if (await this.attempt(() => post(`/boxes/${this.chosen}/close`))) this.load();
  }

  async destroy(event) {
    event.preventDefault();
    const form = event.target;
    const done = await this.attempt(() => post(`/boxes/${this.chosen}/destruction`, {
      protection_class: Number(form.protection_class.value), level: form.level.value, second_person: form.second_person.value.trim(),
      ...(form.certificate.value.trim() ? { certificate: form.certificate.value.trim() } : {}) }));
    if (!done) return;
    this.querySelector('#destroy').close();
    say(t('box.destroyed'), 'success');
    this.load();
  }

  render() {
    const box = this.box();
    return html`<div class="mr-room">
      <header class="mr-head"><h1>${t('room.originals')}</h1><span class="mr-muted">${t('box.rule')}</span></header>
      <div class="mr-find__columns">
        <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${t('box.list')}>
          ${this.may('put_in_boxes') ? this.newBox() : nothing}
          ${this.boxes?.length === 0 ? html`<p class="mr-empty">${t('box.none')}</p>` : nothing}
          <div class="mr-list">${(this.boxes ?? []).map((item) => this.item(item))}</div></section>
        <section class="mr-panel mr-panel--scroll" tabindex="0" aria-label=${t('box.contents')}>${box ? this.details(box) : nothing}</section>
      </div></div>`;
  }

  newBox() {
    return html`<form class="mr-new-box" @submit=${this.openBox}>
      <label class="mr-inline mr-inline--stacked"><span>${t('box.fate')}</span><select class="mr-input" name="fate">${allTerms().originals.map((fate) => html`<option value=${fate}>${tOr(`originals.${fate}`, fate)}</option>`)}</select></label>
      <label class="mr-inline mr-inline--stacked"><span>${t('box.label')}</span><input class="mr-input" name="label" maxlength="60" autocomplete="off"></label>
      <button class="kern-btn kern-btn--secondary"><span class="kern-label">${t('box.open')}</span></button></form>`;
  }

  item(box) {
    const here = box.id === this.chosen;
    return html`<button class="mr-item ${here ? 'is-current' : ''}" aria-current=${here ? 'true' : nothing} @click=${() => { this.chosen = box.id; }}>
      <span class="mr-item__text"><span class="mr-number">${box.number}</span> ${tOr(`originals.${box.fate}`, box.fate)}${box.label ? ` · ${box.label}` : ''}</span>
      <span class="mr-item__facts"><span>${t(`box.state_${box.state}`)}</span><span>${t('count.batches', { n: box.batches.length })}</span>
        ${box.may_be_destroyed ? html`<span class="mr-tag mr-tag--done">${icon('check')}${t('box.free')}</span>` : nothing}</span></button>`;
  }

  details(box) {
    return html`<header class="mr-fields__head"><h2 class="mr-number">${box.number}</h2><span class="mr-state">${t(`box.state_${box.state}`)}</span></header>
      <p>${tOr(`originals.${box.fate}`, box.fate)} · ${t('box.opened', { day: day(box.opened_at) })}</p>
      ${box.state === 'open' && this.may('put_in_boxes') ? html`<form class="mr-new-box" @submit=${this.putIn}>
        <label class="mr-inline mr-inline--stacked"><span>${t('box.batch_number')}</span><input class="mr-input" .value=${this.batch} @input=${(event) => { this.batch = event.target.value; }} autocomplete="off" placeholder="26-00001"></label>
        <button class="kern-btn kern-btn--secondary"><span class="kern-label">${t('box.put')}</span></button></form>` : nothing}
      ${box.batches.length ? html`<ul class="mr-chips">${box.batches.map((batch) => html`<li><a href=${link('batches', batch.number)}>${batch.number}</a></li>`)}</ul>` : html`<p class="mr-muted">${t('box.empty')}</p>`}
      ${box.destruction ? html`<p class="mr-done">${icon('success')}<span>${t('box.destruction', { at: moment(box.destruction.at), by: box.destruction.by, second: box.destruction.second_person, level: `${box.destruction.protection_class} / ${box.destruction.level}` })}</span></p>` : this.next(box)}`;
  }

  next(box) {
    return html`${box.blocked.length ? html`<h3>${t('box.blocked')}</h3><ul class="mr-blocked">${box.blocked.map((reason) => html`<li>${icon('warning')}${t(`box.blocked_${reason}`)}</li>`)}</ul>` : nothing}
      <div class="mr-actions">${box.state === 'open' && this.may('put_in_boxes') ? html`<button class="kern-btn kern-btn--secondary" @click=${() => this.close()}><span class="kern-label">${t('box.close')}</span></button>` : nothing}
      ${this.may('destroy_originals') && box.fate === 'destroy' ? html`<button class="kern-btn kern-btn--primary" ?disabled=${!box.may_be_destroyed} @click=${() => this.querySelector('#destroy').showModal()}><span class="kern-label">${t('box.destroy')}</span></button>${this.dialog()}` : nothing}</div>`;
  }

  dialog() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" id="destroy" aria-labelledby="destroy-title"><form @submit=${this.destroy}>
      <header class="kern-dialog__header"><h2 class="kern-title" id="destroy-title">${t('box.destroy')}</h2></header>
      <section class="kern-dialog__body"><p>${t('box.destroy_text')}</p>
        <div class="mr-pair"><label class="mr-field"><span class="mr-field__label">${t('box.protection_class')}</span><select class="mr-input" name="protection_class">${[1, 2, 3].map((number) => html`<option ?selected=${number === 3}>${number}</option>`)}</select></label>
        <label class="mr-field"><span class="mr-field__label">${t('box.level')}</span><select class="mr-input" name="level">${[3, 4, 5, 6, 7].map((number) => html`<option ?selected=${number === 5}>P-${number}</option>`)}</select></label></div>
        <label class="mr-field"><span class="mr-field__label">${t('box.second_person')}</span><input class="mr-input" name="second_person" required maxlength="100" autocomplete="off"></label>
        <label class="mr-field"><span class="mr-field__label">${t('box.certificate')}</span><input class="mr-input" name="certificate" maxlength="200" autocomplete="off"></label></section>
      <footer class="kern-dialog__footer"><button type="button" class="kern-btn kern-btn--secondary" @click=${() => this.querySelector('#destroy').close()}><span class="kern-label">${t('dialog.cancel')}</span></button>
        <button class="kern-btn kern-btn--primary"><span class="kern-label">${t('box.record')}</span></button></footer></form></dialog>`;
  }
}
customElements.define('mr-originals', OriginalsRoom);
