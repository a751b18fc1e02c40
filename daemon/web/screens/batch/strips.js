// The documents of a batch as strips of pages. Emits "page-chosen" { page } and "page-dropped"
// { page, onto }.

import { html, nothing, Screen, icon } from '../base/screen.js';
import { repeat } from '../lib/lit-html/directives/repeat.js';
import { pageThumbnail } from '../base/daemon.js';
import { className, departmentName, priorityName } from '../base/terms.js';
import { t } from '../base/words.js';
import { isContent, rowsInSight, rowsOf } from './layout.js';

const stride = 240;  // pixels of scrolling until rows are drawn anew; less than the margin round what is in sight

class Strips extends Screen {
  static properties = {
    view: {}, current: {}, marked: {}, top: { state: true }, size: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { view: null, current: '', marked: new Set(), top: 0, size: { width: 400, height: 600 } });
    this.laidOut = { rows: [], height: 0 };
  }

  entered() {
    this.watcher = new ResizeObserver(([entry]) => {
      this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    this.watcher.observe(this);
    this.leaving.push(() => this.watcher.disconnect());
    this.on(this, 'scroll', () => { this.top = Math.floor(this.scrollTop / stride) * stride; });
  }

  willUpdate(changed) {
    if (changed.has('view') || changed.has('size')) {
      this.laidOut = rowsOf(this.view?.documents ?? [], this.view?.pages ?? [], this.size.width);
    }
  }

  updated(changed) {
    this.querySelector('.mr-strips__all').style.height = `${this.laidOut.height}px`;
    for (const row of this.querySelectorAll('.mr-strips__row')) row.style.transform = `translateY(${row.dataset.top}px)`;
    if (changed.has('current') || changed.has('view')) this.showCurrent();
  }

  showCurrent() {
    const row = this.laidOut.rows.find((candidate) => candidate.pages?.some((page) => page.id === this.current));
    if (!row) return;
    const head = this.laidOut.rows.findLast((other) => other.kind === 'head' && other.top < row.top);
    const from = head && row.top - head.top <= head.height ? head.top : row.top;
    if (from < this.scrollTop) this.scrollTop = from;
    else if (row.top + row.height > this.scrollTop + this.size.height) this.scrollTop = row.top + row.height - this.size.height + 8;
  }

  choose(page, event) {
    this.dispatchEvent(new CustomEvent('page-chosen', { detail: { page, extend: event.shiftKey, add: event.ctrlKey }, bubbles: true }));
  }

  drag(page, event) {
    event.dataTransfer.setData('text/plain', page.id);
    event.dataTransfer.effectAllowed = 'move';
  }

  drop(page, event) {
    event.preventDefault();
    const dragged = event.dataTransfer.getData('text/plain');
    if (dragged && dragged !== page.id) {
      const box = event.currentTarget.getBoundingClientRect();
      const place = event.clientX < box.left + box.width / 2 ? 'before' : 'after';
      this.dispatchEvent(new CustomEvent('page-dropped', { detail: { page: dragged, onto: page.id, place }, bubbles: true }));
    }
  }

  render() {
    const rows = rowsInSight(this.laidOut.rows, this.top, this.size.height);
    return html`<div class="mr-strips__all" role="group" aria-label=${t('batch.strips')}>
      ${repeat(rows, (row) => `${row.kind}${row.document?.key ?? ''}${row.pages?.[0].id ?? row.top}`, (row) => html`
        <div class="mr-strips__row mr-strips__row--${row.kind}" data-top=${row.top}>
          ${row.kind === 'head' ? this.head(row.document) : row.pages.map((page) => this.tile(page, row.document))}</div>`)}
    </div>`;
  }

  head(document) {
    if (!document) return html`<div class="mr-doc-head mr-doc-head--none"><span>${t('batch.set_aside')}</span></div>`;
    const index = this.view.documents.indexOf(document) + 1;
    const here = document.pages.includes(this.current);
    return html`<div class="mr-doc-head ${here ? 'is-here' : ''}">
      <strong class="mr-doc-head__number">${document.number || index}</strong>
      <span class="mr-doc-head__class">${className(document.class)}</span>
      <span class="mr-doc-head__department">${departmentName(document.department)}</span>
      ${document.priority === 'ordinary' ? nothing : html`<span class="mr-tag mr-tag--${document.priority}">${priorityName(document.priority)}</span>`}
      ${document.clarifications.length ? html`<span class="mr-tag mr-tag--question">${icon('question-mark')}<span>${t('clarify.short', { n: document.clarifications.length })}</span></span>` : nothing}
      ${document.objection ? html`<span class="mr-tag mr-tag--question">${icon('warning')}<span>${t('quality.objected')}</span></span>` : nothing}
      ${document.confirmed ? html`<span class="mr-tag mr-tag--done">${icon('check')}<span class="kern-sr-only">${t('batch.confirmed')}</span></span>` : nothing}</div>`;
  }

  tile(page, document) {
    const classes = ['mr-tile', !isContent(page) ? 'mr-tile--aside' : '', page.id === this.current ? 'is-current' : '',
                     this.marked.has(page.id) ? 'is-marked' : '', page.failure || document?.objection?.pages.includes(page.id) ? 'mr-tile--failed' : ''].join(' ');
    const name = t('page.name', { sheet: page.sheet, side: t(`side.${page.side}`) });
    const role = page.role && page.role !== 'content' ? t(`role.page.${page.role}`) : '';
    return html`<button class=${classes} data-page=${page.id} data-passes-enter draggable="true"
      tabindex=${page.id === this.current ? '0' : '-1'} aria-current=${page.id === this.current ? 'true' : nothing}
      @click=${(event) => this.choose(page, event)} @dragstart=${(event) => this.drag(page, event)}
      @dragover=${(event) => event.preventDefault()} @drop=${(event) => this.drop(page, event)}>
      <img src=${pageThumbnail(page)} alt=${name} loading="lazy" decoding="async" draggable="false">
      <span class="mr-tile__name">${page.sheet}${page.side === 'back' ? t('side.back_short') : ''}${role ? html` <em>${role}</em>` : nothing}</span></button>`;
  }
}
customElements.define('mr-strips', Strips);
