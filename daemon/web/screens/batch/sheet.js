// One page at full resolution: zoom, the recognised words to select, places marked, a word or a
// lassoed area taken into a field. Emits "text-taken" { text, box, page, append }.

import { html, nothing, Screen, icon } from '../base/screen.js';
import { pageImage, pageParts, pageThumbnail, pageWords } from '../base/daemon.js';
import { registerKeys } from '../base/keys.js';
import { t } from '../base/words.js';
import { boxBetween, boxOfValue, textIn, wordAt } from './text.js';

const rest = 120;  // milliseconds on a page before its full picture and words are fetched
const steps = [0.1, 0.15, 0.2, 0.25, 0.33, 0.5, 0.67, 0.8, 1, 1.5, 2, 3];

class Sheet extends Screen {
  static properties = {
    page: {}, places: {}, taking: { type: Boolean }, zoom: { state: true }, text: { state: true },
    lasso: { state: true }, size: { state: true }, loaded: { state: true }, wanted: { state: true }, part: { state: true }, parts: { state: true },
  };

  constructor() {
    super();
    Object.assign(this, { page: null, places: [], taking: false, zoom: 'page', text: null, lasso: null, loaded: false, wanted: false, part: 1, parts: 1,
                          size: { width: 600, height: 700 } });
  }

  entered() {
    const watcher = new ResizeObserver(([entry]) => {
      this.size = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    this.updateComplete.then(() => watcher.observe(this.querySelector('.mr-sheet__view')));
    this.leaving.push(() => watcher.disconnect(), registerKeys([
      { keys: ['.'], label: 'sheet.key_next_part', run: () => this.leaf(1) },
      { keys: [','], label: 'sheet.key_previous_part', run: () => this.leaf(-1) },
    ]));
  }

  willUpdate(changed) {
    const before = changed.get('page');
    if (changed.has('page') && this.page && (before?.id !== this.page.id || before?.rotation !== this.page.rotation || before?.read !== this.page.read)) {
      Object.assign(this, { loaded: false, wanted: false, text: null, part: 1, parts: 1 });
      this.shownPart = undefined;
      this.fetchSoon(this.page);
    }
    this.leafToPlaces();
  }

  /** Who leafs through quickly sees the thumbnail enlarged; that costs nothing. */
  async fetchSoon(page) {
    await new Promise((resolve) => setTimeout(resolve, rest));
    if (page.id !== this.page?.id || page.rotation !== this.page.rotation) return;
    this.wanted = true;
    if (!page.media_type.startsWith('image/')) this.countParts(page);
    if (!page.read) return;
    const text = await pageWords(page).catch(() => null);
    if (page.id === this.page?.id && page.rotation === this.page.rotation) this.text = text;
  }

  /** A received file has a readable form of some pages, a PDF its own besides. */
  async countParts(page) {
    const parts = await pageParts(page).catch(() => 1);
    if (page.id === this.page?.id) this.parts = parts;
  }

  /** To the part of a received file that the places are on, when they come to be others. */
  leafToPlaces() {
    const wanted = this.places[0]?.part;
    if (wanted === this.shownPart) return;
    this.shownPart = wanted;
    if (wanted) Object.assign(this, { part: wanted, parts: Math.max(this.parts, wanted), loaded: false });
  }

  leaf(by) {
    const part = Math.min(this.parts, Math.max(1, this.part + by));
    if (part === this.part) return;
    Object.assign(this, { part, loaded: false });
    this.querySelector('.mr-sheet__view').scrollTo({ top: 0 });
  }

  scale() {
    if (!this.page) return 1;
    const { width, height } = this.page;
    if (this.zoom === 'width') return (this.size.width - 16) / width;
    if (this.zoom === 'page') return Math.min((this.size.width - 16) / width, (this.size.height - 16) / height);
    return this.zoom;
  }

  zoomBy(direction) {
    const now = this.scale();
    const next = direction > 0 ? steps.find((step) => step > now * 1.02) : steps.findLast((step) => step < now * 0.98);
    this.zoom = next ?? now;
  }

  zoomTo(zoom) { this.zoom = zoom; }
  toggleZoom() { this.zoom = this.zoom === 'page' ? 'width' : 'page'; }

  scrollByLines(lines) { this.querySelector('.mr-sheet__view').scrollBy({ top: lines * 60 }); }

  updated() {
    const paper = this.querySelector('.mr-sheet__paper');
    if (!paper) return;
    const scale = this.scale();
    paper.style.width = `${this.page.width * scale}px`;
    paper.style.height = `${this.page.height * scale}px`;
    for (const element of paper.querySelectorAll('[data-box]')) placeOn(element, JSON.parse(element.dataset.box), scale);
    for (const word of paper.querySelectorAll('.mr-word')) word.style.fontSize = `${Math.max(1, JSON.parse(word.dataset.box)[3] * scale * 0.8)}px`;
    const first = paper.querySelector('.mr-place');
    if (first && first.dataset.box !== this.shownPlace) {
      this.shownPlace = first.dataset.box;
      first.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
  }

  pointAt(event) {
    const box = this.querySelector('.mr-sheet__paper').getBoundingClientRect();
    const scale = this.scale();
    return [(event.clientX - box.left) / scale, (event.clientY - box.top) / scale];
  }

  startLasso(event) {
    if (!this.taking || event.button !== 0) return;
    event.preventDefault();
    event.currentTarget.setPointerCapture(event.pointerId);
    const at = this.pointAt(event);
    this.lasso = { from: at, to: at };
  }

  moveLasso(event) {
    if (this.lasso) this.lasso = { ...this.lasso, to: this.pointAt(event) };
  }

  endLasso(event) {
    if (!this.lasso) return;
    const { from, to } = this.lasso;
    this.lasso = null;
    const box = boxBetween(from, to);
    const isClick = box[2] < 12 && box[3] < 12;
    if (isClick) this.takeWordAt(from, event.shiftKey);
    else this.take(textIn(this.text?.words ?? [], box), box, event.shiftKey);
  }

  takeWordAt(point, append) {
    const word = wordAt(this.text?.words ?? [], point);
    if (word) this.take(word.text, word.box, append);
  }

  take(text, box, append) {
    if (text) this.dispatchEvent(new CustomEvent('text-taken', { detail: { text, box, page: this.page.id, append }, bubbles: true }));
  }

  render() {
    return html`<div class="mr-sheet__bar" role="toolbar" aria-label=${t('sheet.bar')}>
        <button class="mr-icon-button" aria-label=${t('sheet.smaller')} @click=${() => this.zoomBy(-1)}>${icon('minus')}</button>
        <span class="mr-sheet__zoom">${Math.round(this.scale() * 100)} %</span>
        <button class="mr-icon-button" aria-label=${t('sheet.larger')} @click=${() => this.zoomBy(1)}>${icon('add')}</button>
        <button class="mr-link-button" aria-pressed=${this.zoom === 'page'} @click=${() => this.zoomTo('page')}>${t('sheet.whole')}</button>
        <button class="mr-link-button" aria-pressed=${this.zoom === 'width'} @click=${() => this.zoomTo('width')}>${t('sheet.width')}</button>
        ${this.parts > 1 ? html`<button class="mr-icon-button" aria-label=${t('sheet.previous_part')} ?disabled=${this.part === 1} @click=${() => this.leaf(-1)}>${icon('arrow-back')}</button>
          <span class="mr-sheet__zoom" role="status">${t('sheet.part', { part: this.part, parts: this.parts })}</span>
          <button class="mr-icon-button" aria-label=${t('sheet.next_part')} ?disabled=${this.part === this.parts} @click=${() => this.leaf(1)}>${icon('arrow-forward')}</button>` : nothing}
        ${this.page ? html`<span class="mr-spacer"></span><span class="mr-muted">${t('page.name', { sheet: this.page.sheet, side: t(`side.${this.page.side}`) })} · ${this.page.dpi} dpi</span>` : nothing}
      </div>
      <div class="mr-sheet__view ${this.taking ? 'is-taking' : ''}" tabindex="0" aria-label=${t('sheet.page')} role="region">
        ${this.page ? this.paper() : nothing}</div>`;
  }

  /** The places on this page; where a value stands without a box, among its words. */
  marked() {
    const here = this.places.filter((place) => place.page === this.page.id && (place.part ?? this.part) === this.part);
    const found = here.map((place) => (place.box?.some(Boolean) ? place : { ...place, box: place.value && this.text ? boxOfValue(this.text.words, place.value) : null }));
    return found.filter((place) => place.box);
  }

  paper() {
    return html`<div class="mr-sheet__paper" @pointerdown=${this.startLasso} @pointermove=${this.moveLasso} @pointerup=${this.endLasso}>
      ${this.part === 1 ? html`<img class="mr-sheet__preview" src=${pageThumbnail(this.page)} alt="" draggable="false">` : nothing}
      ${this.wanted ? html`<img class="mr-sheet__image ${this.loaded ? 'is-loaded' : ''}" src=${pageImage(this.page, this.part > 1 ? this.part : undefined)} decoding="async" draggable="false"
        alt=${t('page.name', { sheet: this.page.sheet, side: t(`side.${this.page.side}`) })} @load=${() => { this.loaded = true; }}>` : nothing}
      ${this.marked().map((place) => html`
        <span class="mr-place mr-place--${place.kind ?? 'field'}" data-box=${JSON.stringify(place.box)}></span>`)}
      ${this.text ? html`<div class="mr-words">${this.text.words.map((word) => html`<span class="mr-word ${word.confidence < 0.6 ? 'is-doubtful' : ''}"
        data-box=${JSON.stringify(word.box)}>${word.text} </span>`)}</div>` : nothing}
      ${this.lasso ? html`<span class="mr-lasso" data-box=${JSON.stringify(boxBetween(this.lasso.from, this.lasso.to))}></span>` : nothing}
      ${this.page.failure ? html`<p class="mr-sheet__failure">${icon('danger')}${this.page.failure.text}</p>` : nothing}</div>`;
  }
}

function placeOn(element, [x, y, width, height], scale) {
  Object.assign(element.style, { left: `${x * scale}px`, top: `${y * scale}px`, width: `${width * scale}px`, height: `${height * scale}px` });
}
customElements.define('mr-sheet', Sheet);
