// One batch: its documents as strips of pages, the current page large, what is known beside it.

import { html, nothing, Screen, icon, go, say, sayError } from '../base/screen.js';
import { get, put, remove, post, DaemonError } from '../base/daemon.js';
import { live } from '../base/live.js';
import { registerKeys, keyName } from '../base/keys.js';
import { allTerms, profileName, stateName, offeredClasses } from '../base/terms.js';
import { currentLanguage, day, moment, nameOf, t } from '../base/words.js';
import { EditQueue, moveByOne } from './edits.js';
import { inDocument, isContent, shownOrder } from './layout.js';
import './strips.js';
import './sheet.js';
import './fields.js';
import './picker.js';
import './rescan.js';
import '../clarify/question.js';
import { scanAgain } from '../scan/again.js';

const leaseRenewal = 60000;  // milliseconds

class Batch extends Screen {
  static properties = {
    id: {}, at: {}, session: {}, view: { state: true }, current: { state: true }, marked: { state: true },
    place: { state: true }, holder: { state: true }, finished: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { view: null, current: '', marked: new Set(), place: null, holder: null, finished: false });
  }

  entered() {
    this.on(live, 'batch', (event) => this.batchMoved(event.detail));
    this.on(live, 'lease', (event) => this.leaseMoved(event.detail));
    this.on(live, 'resync', () => this.load());
    this.on(window, 'pagehide', () => this.giveLease());
    this.leaving.push(registerKeys(this.shortcuts()), () => this.giveLease());
    this.open();
  }

  willUpdate(changed) {
    if (changed.has('id') && this.queue && this.queue.batch !== this.id) this.open();
  }

  open() {
    this.giveLease();
    Object.assign(this, { view: null, current: '', marked: new Set(), place: null, holder: null, finished: false, leafed: false });
    this.queue = new EditQueue(this.id, (view) => this.take(view), (error, edits) => this.refused(error, edits));
    this.confirming = new Set();  // on their way to the daemon
    this.load();
  }

  shortcuts() {
    const edit = (run) => (event) => (this.mayEdit() ? run(event) : false);
    return [
      { keys: ['j'], repeats: true, label: 'batch.key_next', run: () => this.step(1) },
      { keys: ['k'], repeats: true, label: 'batch.key_previous', run: () => this.step(-1) },
      { keys: ['PageDown'], repeats: true, label: 'batch.key_next_document', run: () => this.stepDocument(1) },
      { keys: ['PageUp'], repeats: true, label: 'batch.key_previous_document', run: () => this.stepDocument(-1) },
      { keys: ['Shift+J'], label: 'batch.key_mark', run: () => this.markOn(1) },
      { keys: ['Enter'], label: 'batch.key_confirm', run: edit(() => this.confirm()) },
      { keys: ['s'], label: 'batch.key_split', run: edit(() => this.split()) },
      { keys: ['m'], label: 'batch.key_merge', run: edit(() => this.merge()) },
      { keys: ['r'], label: 'batch.key_rotate', run: edit(() => this.rotate(90)) },
      { keys: ['Shift+R'], label: 'batch.key_rotate_back', run: edit(() => this.rotate(270)) },
      { keys: ['x'], label: 'batch.key_set_aside', run: edit(() => this.setAside()) },
      { keys: ['ArrowLeft'], label: 'batch.key_move_back', run: edit(() => this.move(-1)) },
      { keys: ['ArrowRight'], label: 'batch.key_move_on', run: edit(() => this.move(1)) },
      { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: 'batch.key_class', run: edit((event) => this.setClass(event.key)) },
      { keys: ['d'], label: 'batch.key_department', run: edit(() => this.pickDepartment()) },
      { keys: ['p'], label: 'batch.key_priority', run: edit(() => this.nextPriority()) },
      { keys: ['a'], label: 'batch.key_role', run: edit(() => this.nextRole()) },
      { keys: ['g'], label: 'batch.key_fields', run: () => this.querySelector('mr-fields').focusFirst() },
      { keys: ['u'], label: 'batch.key_undo', run: edit(() => this.queue.undo()) },
      { keys: ['i'], label: 'batch.key_rescan', run: edit(() => this.rescan()) },
      { keys: ['z'], label: 'batch.key_zoom', run: () => this.querySelector('mr-sheet').toggleZoom() },
      { keys: ['+'], repeats: true, label: 'batch.key_larger', run: () => this.querySelector('mr-sheet').zoomBy(1) },
      { keys: ['-'], repeats: true, label: 'batch.key_smaller', run: () => this.querySelector('mr-sheet').zoomBy(-1) },
      { keys: ['ArrowDown'], repeats: true, label: 'batch.key_scroll', run: () => this.querySelector('mr-sheet').scrollByLines(2) },
      { keys: ['ArrowUp'], repeats: true, run: () => this.querySelector('mr-sheet').scrollByLines(-2) },
    ];
  }

  // What the daemon says

  async load() {
    const id = this.id;
    const view = await this.attempt(() => get(`/batches/${id}`));
    if (!view || id !== this.id) return;
    this.take(view);
    if (this.view.can.includes('edit')) this.takeLease();
  }

  take(view) {
    if (this.view && this.view.batch.id === view.batch.id && view.version < this.view.version) return;
    this.view = view;
    this.queue.version = view.version;
    this.order = shownOrder(view.documents, view.pages);
    this.confirming = new Set([...this.confirming].filter((key) => view.documents.some((document) => document.key === key && !document.confirmed)));
    const isLost = !this.order.some((page) => page.id === this.current);
    // Of a batch that is still being read the first document comes when it is there, unless somebody has gone elsewhere.
    if (isLost || (!this.leafed && !this.document())) this.current = this.firstToDo();
    this.finished = view.documents.length > 0 && !view.clarifications.length && view.documents.every((document) => document.confirmed);
  }

  firstToDo() {
    if (this.at && this.order.some((page) => page.id === this.at)) return this.at;
    const document = this.view.documents.find((candidate) => !candidate.confirmed) ?? this.view.documents[0];
    return document?.pages[0] ?? this.order[0]?.id ?? '';
  }

  batchMoved(batch) {
    if (!this.view || batch.id !== this.view.batch.id) return;
    const before = this.view.batch;
    this.view = { ...this.view, batch };
    const moved = ['state', 'box', 'version'].some((name) => before[name] !== batch[name]) ||
      ['pages', 'read', 'documents', 'open_clarifications', 'unconfirmed', 'unchecked'].some((name) => before.counters[name] !== batch.counters[name]);
    if (moved && !this.queue.isBusy) this.loadSoon();
  }

  loadSoon() {
    this.loading ??= setTimeout(() => { this.loading = null; if (!this.queue.isBusy) this.load(); }, 300);
  }

  refused(error, edits) {
    this.confirming.clear();
    if (error.status === 409) {
      say(error.current?.name ? t('conflict.by', { name: error.current.name }) : t('conflict.text'), 'warning', t('conflict.remedy', { n: edits.length || 1 }));
    } else {
      sayError(error);
    }
    this.load();
  }

  // Two people on one batch

  async takeLease() {
    clearTimeout(this.renewal);
    try {
      await put(`/batches/${this.id}/lease`);
      this.holder = null;
      this.holds = true;
    } catch (error) {
      if (!(error instanceof DaemonError) || error.status !== 409) return;
      this.holder = error.current;
    }
    if (this.isConnected) this.renewal = setTimeout(() => this.takeLease(), this.holder ? 10000 : leaseRenewal);
  }

  leaseMoved({ subject, lease }) {
    if (!this.view || subject !== `batch:${this.view.batch.id}`) return;
    if (!lease || lease.mine) { if (this.holder) this.takeLease(); } else if (!this.holds || lease.by !== this.session.user) this.holder = lease;
  }

  giveLease() {
    clearTimeout(this.renewal);
    clearTimeout(this.loading);
    if (!this.holds) return;
    this.holds = false;
    remove(`/batches/${this.id}/lease`).catch(() => {});
  }

  // Where we are

  mayEdit() { return Boolean(this.view?.can.includes('edit')) && !this.holder; }
  page() { return this.view?.pages.find((page) => page.id === this.current); }
  document() { return this.view?.documents.find((document) => document.pages.includes(this.current)) ?? this.view?.documents.find((document) => document.key === this.page()?.document); }
  chosenPages() { return this.marked.size ? [...this.marked] : [this.current]; }

  goTo(page) {
    this.leafed = true;
    this.current = page;
    this.place = null;
    this.updateComplete.then(() => this.querySelector('mr-strips')?.updateComplete).then(() => {
      if (document.activeElement?.matches('.mr-tile, body')) this.querySelector('.mr-tile.is-current')?.focus({ preventScroll: true });
    });
  }

  /** The place that the field with the focus came from; its page comes into sight. */
  showPlace(place) {
    if (place && this.document()?.pages.includes(place.page)) this.current = place.page;
    this.place = { ...place, taking: true };
  }

  step(direction) {
    const at = this.order.findIndex((page) => page.id === this.current);
    const next = this.order[at + direction];
    if (next) this.goTo(next.id);
    this.marked = new Set();
  }

  stepDocument(direction) {
    const documents = this.view.documents;
    const next = documents[documents.indexOf(this.document()) + direction];
    if (next) this.goTo(next.pages[0]);
  }

  markOn(direction) {
    this.marked = new Set([...this.marked, this.current]);
    const at = this.order.findIndex((page) => page.id === this.current);
    const next = this.order[at + direction];
    if (!next) return;
    this.marked = new Set([...this.marked, next.id]);
    this.goTo(next.id);
  }

  pageChosen({ page, extend, add }) {
    if (add) {
      const marked = new Set(this.marked);
      if (!marked.delete(page.id)) marked.add(page.id);
      this.marked = marked;
    } else if (extend) {
      const [from, to] = [this.current, page.id].map((id) => this.order.findIndex((other) => other.id === id)).sort((a, b) => a - b);
      this.marked = new Set(this.order.slice(from, to + 1).map((other) => other.id));
    } else {
      this.marked = new Set();
    }
    this.goTo(page.id);
  }

  // What a person does

  edit(...edits) {
    this.marked = new Set();
    return this.queue.add(...edits);
  }

  split() { return this.page() && isContent(this.page()) ? this.edit({ kind: 'split', page: this.current }) : false; }

  merge() {
    const document = this.document();
    return document && this.view.documents[0] !== document ? this.edit({ kind: 'merge', document: document.key }) : false;
  }

  rotate(degrees) { return this.edit({ kind: 'rotate', pages: this.chosenPages(), degrees }); }

  /** Sets the pages aside as a copy, or brings them back. */
  setAside() {
    if (!this.page()) return false;
    return isContent(this.page()) ? this.edit({ kind: 'set_aside', pages: this.chosenPages(), role: 'copy' })
      : this.edit({ kind: 'bring_back', pages: this.chosenPages() });
  }

  move(direction) {
    const edit = moveByOne(this.order, this.current, direction);
    return edit ? this.edit(edit) : false;
  }

  dropped({ page, onto, place }) { if (this.mayEdit()) this.edit({ kind: 'move', page, [place]: onto }); }

  setRole(role) {
    const pages = this.chosenPages();
    this.edit(inDocument.includes(role) ? { kind: 'set_role', pages, role } : { kind: 'set_aside', pages, role });
  }

  nextRole() {
    const role = this.page()?.role ?? 'content';
    this.setRole(inDocument[(inDocument.indexOf(role) + 1) % inDocument.length]);
  }

  setClass(key) {
    const entry = offeredClasses()[Number(key) - 1];
    return entry && this.document() ? this.edit({ kind: 'set_class', document: this.document().key, class: entry.id }) : false;
  }

  pickDepartment() { return this.document() ? this.querySelector('mr-picker').show() : false; }

  nextPriority() {
    const document = this.document();
    const priorities = allTerms().priorities;
    return document ? this.edit({ kind: 'set_priority', document: document.key, priority: priorities[(priorities.indexOf(document.priority) + 1) % priorities.length] }) : false;
  }

  /** Confirms the document and goes to the next one that is not confirmed; questions come first. */
  confirm() {
    if (this.finished) { go('scan'); return true; }
    const document = this.document();
    if (!document) return false;
    if (this.questions().length) {
      this.querySelector('mr-question .mr-answer')?.focus();
      return true;
    }
    if (!document.confirmed && !this.confirming.has(document.key)) {
      this.confirming.add(document.key);
      this.edit({ kind: 'confirm', document: document.key });
    }
    this.goToNextUnconfirmed(document);
    return true;
  }

  goToNextUnconfirmed(document) {
    const documents = this.view.documents;
    const at = documents.indexOf(document);
    const inTurn = [...documents.slice(at + 1), ...documents.slice(0, at)];
    const next = inTurn.find((other) => !other.confirmed && !this.confirming.has(other.key));
    if (next) this.goTo(next.pages[0]);
  }

  rescan() { return this.view.can.includes('rescan') ? this.querySelector('mr-rescan').show() : false; }

  /** Gives the batch up; `again` goes on to scan the same paper with other settings. */
  async discard(again) {
    const dialog = this.querySelector('#discard');
    const reason = dialog.querySelector('textarea').value.trim() || (again ? t('scan.again_reason') : '');
    if (!reason) { dialog.querySelector('textarea').focus(); return; }
    dialog.close();
    if (!await this.attempt(() => post(`/batches/${this.id}/discard`, { reason }))) return;
    if (again) scanAgain(this.view.batch);
    go(again ? 'scan' : 'batches');
  }

  /** Questions of the current document, and those of the whole batch. */
  questions() {
    const document = this.document();
    return this.view.clarifications.filter((question) => question.scope === 'batch' || document?.clarifications.includes(question.id) ||
      question.evidence.some(({ page }) => page === this.current));
  }

  // What is seen

  render() {
    if (!this.view) return html`<div class="mr-room"><h1 class="kern-sr-only">${t('room.batches')}</h1></div>`;
    return html`<div class="mr-room mr-batch">
      ${this.head()}
      <div class="mr-batch__columns">
        <mr-strips tabindex="-1" class="mr-strips" .view=${this.view} .current=${this.current} .marked=${this.marked}
          @page-chosen=${(event) => this.pageChosen(event.detail)} @page-dropped=${(event) => this.dropped(event.detail)}></mr-strips>
        <section class="mr-batch__page" aria-label=${t('sheet.page')}>
          <mr-sheet class="mr-sheet" .page=${this.page()} .places=${this.places()} .taking=${Boolean(this.place?.taking)}
            @text-taken=${(event) => this.querySelector('mr-fields').take(event.detail)}></mr-sheet>
          ${this.tools()}</section>
        <aside class="mr-batch__side" aria-label=${t('batch.known')}>${this.side()}</aside>
      </div>
      <mr-picker .heading=${t('batch.department')} .options=${allTerms().departments.map((entry) => ({ ...entry, name: nameOf(entry) }))}
        @picked=${(event) => this.edit({ kind: 'set_department', document: this.document().key, department: event.detail.id })}></mr-picker>
      <mr-rescan .batch=${this.id} .page=${this.page()} .version=${this.view.version} .station=${this.view.batch.station}
        @rescanned=${(event) => this.take(event.detail)}></mr-rescan>
      ${this.discardDialog()}</div>`;
  }

  head() {
    const { batch, documents, clarifications } = this.view;
    const open = documents.filter((document) => !document.confirmed).length;
    return html`<header class="mr-head">
      <a class="mr-icon-button" href="#/batches" aria-label=${t('batch.back')}>${icon('arrow-back')}</a>
      <h1><span class="mr-number">${batch.number}</span></h1>
      <span class="mr-state mr-state--${batch.state}">${stateName('batch', batch.state)}</span>
      <span class="mr-muted">${profileName(batch.profile)} · ${t('batch.received', { day: day(batch.received) })}</span>
      <span class="mr-muted">${t('count.documents', { n: documents.length })}, ${t('count.pages', { n: this.view.pages.length })}${open && batch.mode !== 'unattended' ? html`, <strong>${t('batch.unconfirmed', { n: open })}</strong>` : nothing}</span>
      ${clarifications.length ? html`<span class="mr-tag mr-tag--question">${t('clarify.open', { n: clarifications.length })}</span>` : nothing}
      <span class="mr-spacer"></span>
      ${this.holder ? html`<span class="mr-notice" role="status">${icon('info')}${t('lease.batch', { name: this.holder.name ?? this.holder.by ?? '' })}</span>` : nothing}
      ${this.view.can.includes('discard') ? html`<button class="mr-link-button" @click=${() => this.querySelector('#discard').showModal()}>${t('scan.give_up')}</button>` : nothing}
    </header>`;
  }

  tools() {
    const may = this.mayEdit();
    const page = this.page();
    const isAside = page && !isContent(page);
    const tool = (key, label, run, enabled = true) => html`<button class="mr-tool" ?disabled=${!may || !enabled} @click=${run}>
      <span>${t(label)}</span><kbd>${keyName(key)}</kbd></button>`;
    const arrow = (key, label, direction) => html`<button class="mr-tool" title=${t(label)} ?disabled=${!may} @click=${() => this.move(direction)}>
      <span class="kern-sr-only">${t(label)}</span><kbd>${keyName(key)}</kbd></button>`;
    return html`<div class="mr-tools" role="toolbar" aria-label=${t('batch.tools')}>
      ${tool('s', 'tool.split', () => this.split(), !isAside)}
      ${tool('m', 'tool.merge', () => this.merge())}
      ${tool('r', 'tool.rotate', () => this.rotate(90))}
      ${tool('x', isAside ? 'tool.bring_back' : 'tool.set_aside', () => this.setAside())}
      ${arrow('ArrowLeft', 'batch.key_move_back', -1)}
      ${arrow('ArrowRight', 'batch.key_move_on', 1)}
      <label class="mr-tool mr-tool--select"><span class="kern-sr-only">${t('batch.role')}</span>
        <select ?disabled=${!may} @change=${(event) => this.setRole(event.target.value)}>${allTerms().roles.map((role) => html`
          <option value=${role} ?selected=${role === (page?.role ?? 'content')}>${t(`role.page.${role}`)}</option>`)}</select></label>
      ${this.view.can.includes('rescan') ? tool('i', 'tool.rescan', () => this.rescan()) : nothing}
      ${tool('u', 'tool.undo', () => this.queue.undo(), this.view.can.includes('undo'))}
      ${this.marked.size ? html`<span class="mr-muted">${t('batch.marked', { n: this.marked.size })}</span>` : nothing}</div>`;
  }

  side() {
    const document = this.document();
    const questions = this.questions();
    return html`<div class="mr-side-scroll" tabindex="-1">${questions.map((question) => html`<mr-question .question=${question} .readonly=${!this.view.can.includes('clarify') || Boolean(this.holder)}
        @answered=${() => this.load()} @conflict=${() => this.load()}></mr-question>`)}
      ${document?.objection ? this.objection(document.objection) : nothing}
      ${document ? html`<mr-fields lang=${currentLanguage()} .document=${document} .edits=${this.view.edits} .index=${this.view.documents.indexOf(document) + 1} .total=${this.view.documents.length}
          .readonly=${!this.mayEdit()} @edit=${(event) => this.edit(event.detail)} @pick-department=${() => this.pickDepartment()}
          @place=${(event) => this.showPlace(event.detail)} @fields-done=${() => this.querySelector('.mr-confirm')?.focus()}></mr-fields>`
        : html`<p class="mr-muted">${t('batch.no_document')}</p>`}</div>
      ${document ? html`<footer class="mr-side-foot">${this.confirmButton(document, questions)}</footer>` : nothing}`;
  }

  /** What quality control said, and what helps. */
  objection({ outcome, note, by, at, pages }) {
    return html`<div class="mr-question" role="status"><p class="mr-question__text">${icon('warning')}<strong>${t(`quality.objection_${outcome}`)}</strong></p>
      ${note ? html`<p>${note}</p>` : nothing}<p class="mr-muted">${by}, ${moment(at)}${pages.length ? ` · ${t('quality.wrong_count', { n: pages.length })}` : ''}</p></div>`;
  }

  confirmButton(document, questions) {
    if (this.finished) {
      return html`<div class="mr-done" role="status">${icon('success')}<span>${t('batch.finished')}</span></div>
        <button class="kern-btn kern-btn--primary kern-btn--block mr-confirm" data-passes-enter @click=${() => go('scan')}>
          <span class="kern-label">${t('batch.to_scan')}</span><kbd>${t('key.enter')}</kbd></button>`;
    }
    if (!this.view.can.includes('confirm')) return nothing;
    return html`<button class="kern-btn kern-btn--primary kern-btn--block mr-confirm" data-passes-enter
      ?disabled=${!this.mayEdit() || questions.length > 0 || document.confirmed} @click=${() => this.confirm()}>
      <span class="kern-label">${t(document.confirmed ? 'batch.confirmed' : 'batch.confirm')}</span><kbd>${t('key.enter')}</kbd></button>`;
  }

  places() {
    const evidence = this.questions().flatMap((question) => question.evidence.map((place) => ({ ...place, kind: 'question' })));
    return this.place?.page ? [this.place, ...evidence] : evidence;
  }

  discardDialog() {
    return html`<dialog class="kern-dialog mr-dialog mr-dialog--small" id="discard" aria-labelledby="discard-title">
      <header class="kern-dialog__header"><h2 class="kern-title" id="discard-title">${t('scan.give_up_title')}</h2></header>
      <section class="kern-dialog__body"><p>${t('scan.give_up_text')}</p>
        <label class="mr-field"><span class="mr-field__label">${t('argument.reason')}</span><textarea class="mr-input" rows="3" maxlength="500"></textarea></label></section>
      <footer class="kern-dialog__footer">
        <button class="kern-btn kern-btn--secondary" @click=${(event) => event.target.closest('dialog').close()}><span class="kern-label">${t('dialog.cancel')}</span></button>
        <button class="kern-btn kern-btn--secondary" @click=${() => this.discard(true)}><span class="kern-label">${t('scan.again')}</span></button>
        <button class="kern-btn kern-btn--primary" @click=${() => this.discard(false)}><span class="kern-label">${t('scan.give_up')}</span></button></footer></dialog>`;
  }
}
customElements.define('mr-batch', Batch);
