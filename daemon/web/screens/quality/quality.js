// Quality control as TR-03138 asks: the sample of each class, every image against the paper.

import { html, nothing, Screen, go, say } from '../base/screen.js';
import { get, post } from '../base/daemon.js';
import { registerKeys } from '../base/keys.js';
import { className, departmentName } from '../base/terms.js';
import { ago, percent, t } from '../base/words.js';
import { pageThumbnail } from '../base/daemon.js';
import '../batch/sheet.js';

class Quality extends Screen {
  static properties = {
    batch: {}, document: {}, answer: { state: true }, view: { state: true }, current: { state: true }, wrong: { state: true },
    note: { state: true }, busy: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { answer: null, view: null, current: '', wrong: new Set(), note: '', busy: false });
  }

  entered() {
    this.reloadOn(['batch'], () => this.load());
    this.leaving.push(registerKeys([
      { keys: ['j'], repeats: true, label: 'batch.key_next', run: () => this.step(1) },
      { keys: ['k'], repeats: true, label: 'batch.key_previous', run: () => this.step(-1) },
      { keys: ['w'], label: 'quality.key_wrong', run: () => this.toggleWrong(this.current) },
      { keys: ['Enter'], label: 'quality.key_accept', run: () => (this.wrong.size ? false : this.decide('accept')) },
      { keys: ['z'], label: 'batch.key_zoom', run: () => this.querySelector('mr-sheet')?.toggleZoom() },
    ]));
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get('/quality'));
    if (!answer) return;
    this.answer = answer;
    if (!this.item()) this.choose(answer.documents[0]);
    else if (!this.view) this.open();
  }

  /** After a decision: the document behind it in the list; what was objected to waits there still. */
  async goOn(decided, at) {
    this.view = null;
    const answer = await this.attempt(() => get('/quality'));
    if (!answer) return;
    this.answer = answer;
    const { documents } = answer;
    const waits = documents[at]?.document === decided.document && documents[at].batch === decided.batch;
    const next = documents[waits ? at + 1 : at] ?? documents[0];
    if (!next) go('quality');
    else if (next === this.item()) this.open();
    else this.choose(next);
  }

  willUpdate(changed) {
    if ((changed.has('document') || changed.has('batch')) && this.answer) this.open();
  }

  item() { return this.answer?.documents.find((item) => item.batch_number === this.batch && item.document === this.document); }

  choose(item) {
    if (item) go('quality', item.batch_number, item.document);
    else { this.view = null; this.current = ''; }
  }

  async open() {
    const item = this.item();
    if (!item) return;
    Object.assign(this, { wrong: new Set(), note: '', current: item.pages[0] });
    const view = await this.attempt(() => get(`/batches/${item.batch}`));
    if (view && this.item() === item) this.view = view;
  }

  step(direction) {
    const pages = this.item()?.pages ?? [];
    this.current = pages[pages.indexOf(this.current) + direction] ?? this.current;
  }

  toggleWrong(page) {
    const wrong = new Set(this.wrong);
    if (!wrong.delete(page)) wrong.add(page);
    this.wrong = wrong;
  }

  async decide(outcome) {
    const item = this.item();
    if (!item || !this.view || this.busy) return false;
    this.busy = true;
    const done = await this.attempt(() => post(`/quality/${item.batch}/${item.document}`, {
      version: this.view.version, outcome, pages: [...this.wrong], ...(this.note.trim() ? { note: this.note.trim() } : {}) }));
    this.busy = false;
    if (done === undefined) return true;
    say(t(`quality.done_${outcome}`), 'success');
    this.goOn(item, this.answer.documents.indexOf(item));
    return true;
  }

  render() {
    return html`<div class="mr-room mr-queue">
      <header class="mr-head"><h1>${t('room.quality')}</h1><span class="mr-muted">${this.answer ? t('quality.waiting', { n: this.answer.documents.length }) : ''}</span></header>
      ${this.answer?.documents.length === 0 ? html`<div class="mr-empty"><p>${t('quality.none')}</p>${this.samples()}</div>` : html`
      <div class="mr-queue__columns">
        <nav class="mr-panel mr-list" aria-label=${t('quality.list')}>${(this.answer?.documents ?? []).map((item) => this.entry(item))}${this.samples()}</nav>
        <section class="mr-batch__page" aria-label=${t('sheet.page')}>
          <mr-sheet class="mr-sheet" .page=${this.view?.pages.find((page) => page.id === this.current)}></mr-sheet>
          ${this.pages()}</section>
        <aside class="mr-batch__side mr-side-scroll" aria-label=${t('quality.decision')}>${this.item() ? this.decision() : nothing}</aside>
      </div>`}</div>`;
  }

  entry(item) {
    const here = item === this.item();
    return html`<button class="mr-item ${here ? 'is-current' : ''}" aria-current=${here ? 'true' : nothing} @click=${() => this.choose(item)}>
      <span class="mr-item__text">${className(item.class)}, ${departmentName(item.department)}</span>
      <span class="mr-item__facts"><span class="mr-number">${item.batch_number}</span><span>${t('count.pages', { n: item.pages.length })}</span><span>${ago(item.opened_at)}</span></span></button>`;
  }

  samples() {
    const rules = this.answer?.samples ?? [];
    return rules.length ? html`<details class="mr-samples"><summary>${t('quality.samples')}</summary>
      <ul>${rules.map((rule) => html`<li>${className(rule.class)}: ${percent(rule.percent / 100)}${rule.other_person ? html`, ${t('quality.other_person')}` : nothing}</li>`)}</ul></details>` : nothing;
  }

  pages() {
    return html`<div class="mr-filmstrip" role="group" aria-label=${t('batch.strips')}>${(this.item()?.pages ?? []).map((id) => {
      const page = this.view?.pages.find((candidate) => candidate.id === id);
      return page ? html`<button class="mr-tile ${id === this.current ? 'is-current' : ''} ${this.wrong.has(id) ? 'mr-tile--failed' : ''}" data-passes-enter
        aria-current=${id === this.current ? 'true' : nothing} @click=${() => { this.current = id; }}>
        <img src=${pageThumbnail(page)} alt=${t('page.name', { sheet: page.sheet, side: t(`side.${page.side}`) })} loading="lazy"></button>` : nothing;
    })}</div>`;
  }

  decision() {
    const hasWrong = this.wrong.size > 0;
    return html`<h2>${t('quality.question')}</h2>
      <p class="mr-muted">${t('quality.criteria')}</p>
      <label class="mr-check"><input type="checkbox" .checked=${this.wrong.has(this.current)} @change=${() => this.toggleWrong(this.current)}>
        <span>${t('quality.wrong_page')} <kbd>W</kbd></span></label>
      <p>${hasWrong ? t('quality.wrong_count', { n: this.wrong.size }) : ''}</p>
      <label class="mr-field"><span class="mr-field__label">${t('quality.note')}</span>
        <textarea class="mr-input" rows="3" maxlength="500" .value=${this.note} @input=${(event) => { this.note = event.target.value; }}></textarea></label>
      <button class="kern-btn kern-btn--primary kern-btn--block" ?disabled=${this.busy || hasWrong} @click=${() => this.decide('accept')}>
        <span class="kern-label">${t('quality.accept')}</span><kbd>${t('key.enter')}</kbd></button>
      <button class="kern-btn kern-btn--secondary kern-btn--block" ?disabled=${this.busy || !hasWrong} @click=${() => this.decide('rescan')}><span class="kern-label">${t('quality.rescan')}</span></button>
      <button class="kern-btn kern-btn--secondary kern-btn--block" ?disabled=${this.busy || !this.note.trim()} @click=${() => this.decide('reject')}><span class="kern-label">${t('quality.reject')}</span></button>`;
  }
}
customElements.define('mr-quality', Quality);
