// The queue of clarifications: the most urgent and oldest first, the place in question beside its answers.

import { html, nothing, Screen, link, say } from '../base/screen.js';
import { DaemonError, get, put, remove } from '../base/daemon.js';
import { registerKeys } from '../base/keys.js';
import { priorityName } from '../base/terms.js';
import { ago, t, textOf } from '../base/words.js';
import '../batch/sheet.js';
import './question.js';

class Queue extends Screen {
  static properties = { session: {}, list: { state: true }, chosen: { state: true }, pages: { state: true }, holder: { state: true }, field: { state: true }, earlier: { state: true } };

  constructor() {
    super();
    Object.assign(this, { list: null, chosen: '', pages: [], holder: null, field: '', earlier: null });
  }

  entered() {
    this.reloadOn(['clarifications', 'lease'], () => this.load());
    this.leaving.push(registerKeys([
      { keys: ['j'], repeats: true, label: 'list.key_next', run: () => this.step(1) },
      { keys: ['k'], repeats: true, label: 'list.key_previous', run: () => this.step(-1) },
      { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: 'clarify.key_answer',
        run: (event) => this.querySelector('mr-question')?.chooseNumber(Number(event.key)) ?? false },
      { keys: ['o'], label: 'clarify.key_batch', run: () => { if (this.question()) location.hash = link('batches', this.question().batch_number); } },
      { keys: ['z'], label: 'batch.key_zoom', run: () => this.querySelector('mr-sheet')?.toggleZoom() },
    ]), () => this.giveLease());
    this.load();
  }

  async load() {
    const answer = await this.attempt(() => get('/clarifications'));
    if (!answer) return;
    const at = Math.max(0, this.list?.findIndex((question) => question.id === this.chosen) ?? 0);
    this.list = answer.clarifications;
    if (!this.question()) this.choose(this.list[Math.min(at, this.list.length - 1)]);
  }

  question() { return this.list?.find((question) => question.id === this.chosen); }

  step(direction) {
    const at = this.list.findIndex((question) => question.id === this.chosen);
    this.choose(this.list[Math.min(Math.max(at + direction, 0), this.list.length - 1)]);
  }

  async choose(question) {
    if (question?.id === this.chosen && question) return;
    this.giveLease();
    this.chosen = question?.id ?? '';
    Object.assign(this, { pages: [], field: '', earlier: null });
    if (!question) return;
    this.takeLease(question);
    const view = await this.attempt(() => get(`/batches/${question.batch}`));
    if (!view || this.chosen !== question.id) return;
    this.pages = view.pages;
    if (question.reason === 'invoice_duplicate') this.showEarlier(question);
  }

  /** The invoice that this one may be a second copy of: a document, or a sheet of the same stack. */
  async showEarlier(question) {
    const named = question.values.earlier;
    const sheet = /^Blatt\/sheet (\d+)$/.exec(named)?.[1];
    const page = sheet ? this.pages.find((other) => other.sheet === Number(sheet)) : await this.firstPageOf(named);
    if (page && this.chosen === question.id) this.earlier = { name: named, page };
  }

  /** Whoever may not see it is told its number only. */
  async firstPageOf(number) {
    try {
      const { document, page_ids: ids } = await get(`/documents/${encodeURIComponent(number)}`);
      const { pages } = await get(`/batches/${document.batch_number}`);
      return pages.find((page) => page.id === ids[0]);
    } catch (error) {
      if (error instanceof DaemonError) return null;
      throw error;
    }
  }

  async takeLease(question) {
    try {
      await put(`/clarifications/${question.id}/lease`);
      if (this.chosen !== question.id || !this.isConnected) { remove(`/clarifications/${question.id}/lease`).catch(() => {}); return; }
      this.leased = question.id;
      this.holder = null;
      this.renewal = setTimeout(() => this.takeLease(question), 60000);
    } catch (error) {
      if (error instanceof DaemonError && error.status === 409) this.holder = error.current;
    }
  }

  giveLease() {
    clearTimeout(this.renewal);
    this.holder = null;
    if (this.leased) remove(`/clarifications/${this.leased}/lease`).catch(() => {});
    this.leased = null;
  }

  answered() {
    say(t('clarify.answered'), 'success');
    this.leased = null;
    clearTimeout(this.renewal);
    this.load();
  }

  /** Where the field stands that the person is at, else everything in question. */
  places() {
    const all = this.question()?.evidence ?? [];
    const here = all.filter((place) => place.field === this.field);
    return (this.field && here.length ? here : all).map((place) => ({ ...place, kind: 'question' }));
  }

  page() {
    const wanted = this.places()[0]?.page;
    return this.pages.find((page) => page.id === wanted) ?? (this.question()?.scope === 'batch' ? this.pages.findLast((page) => !page.blank) ?? this.pages.at(-1) : undefined);
  }

  render() {
    const question = this.question();
    return html`<div class="mr-room mr-queue">
      <header class="mr-head"><h1>${t('room.clarify')}</h1><span class="mr-muted">${this.list ? t('clarify.open', { n: this.list.length }) : ''}</span></header>
      ${this.list?.length === 0 ? html`<div class="mr-empty"><p>${t('clarify.none')}</p></div>` : html`
      <div class="mr-queue__columns">
        <nav class="mr-panel mr-list" aria-label=${t('clarify.list')}>${(this.list ?? []).map((item) => this.item(item))}</nav>
        <section class="mr-batch__page ${this.earlier ? 'is-side-by-side' : ''}" aria-label=${t('sheet.page')}>
          <mr-sheet class="mr-sheet" .page=${this.page()} .places=${this.places()} .taking=${question?.resolutions.includes('set_fields')}
            @text-taken=${(event) => this.querySelector('mr-question').take(event.detail.text)}></mr-sheet>
          ${this.earlier ? html`<div class="mr-earlier"><h2>${t('clarify.earlier', { number: this.earlier.name })}</h2>
            <mr-sheet class="mr-sheet" .page=${this.earlier.page}></mr-sheet></div>` : nothing}</section>
        <aside class="mr-batch__side mr-side-scroll" aria-label=${t('clarify.answers')}>${question ? html`
          ${this.holder ? html`<p class="mr-notice" role="status">${t('lease.other', { name: this.holder.name ?? '' })}</p>` : nothing}
          <mr-question .question=${question} .readonly=${Boolean(this.holder)} .numbered=${true}
            @field-focused=${(event) => { this.field = event.detail.name; }} @answered=${() => this.answered()} @conflict=${() => this.load()}></mr-question>
          <a class="mr-to-batch" href=${link('batches', question.batch_number, question.evidence[0]?.page ?? '')}>${t('clarify.to_batch', { number: question.batch_number })} <kbd>O</kbd></a>` : nothing}</aside>
      </div>`}</div>`;
  }

  item(item) {
    return html`<button class="mr-item ${item.id === this.chosen ? 'is-current' : ''}" aria-current=${item.id === this.chosen ? 'true' : nothing}
      @click=${() => this.choose(item)}>
      <span class="mr-item__text">${textOf(item)}</span>
      <span class="mr-item__facts"><span class="mr-number">${item.batch_number}</span><span>${ago(item.opened_at)}</span>
        ${item.priority === 'ordinary' ? nothing : html`<span class="mr-tag mr-tag--${item.priority}">${priorityName(item.priority)}</span>`}
        ${item.lease && !item.lease.mine ? html`<span class="mr-tag">${item.lease.name}</span>` : nothing}</span></button>`;
  }
}
customElements.define('mr-queue', Queue);
