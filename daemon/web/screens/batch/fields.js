// What is known about one document, beside its page. Tab goes to the next doubtful field only; the
// others are reached with the arrow keys or the mouse. Emits "edit" with an edit of the contract, and
// "place" { page, box } for the field that has the focus.

import { html, nothing, Screen, icon } from '../base/screen.js';
import { live as bound } from '../lib/lit-html/directives/live.js';
import { allTerms, channelName, departmentName, priorityName, offeredClasses } from '../base/terms.js';
import { day, nameOf, percent, t, today, tOr } from '../base/words.js';
import '../base/date.js';

const sure = 0.85;
// What a routing sheet said about these is shown as class and department.
const shownAbove = ['class', 'department'];
// Offered for every document, known or not yet.
const usual = ['sender', 'reference', 'date', 'subject'];

export function isDoubtful(field) { return field.source !== 'person' && field.confidence < sure; }

class Fields extends Screen {
  static properties = { document: {}, edits: {}, index: {}, total: {}, readonly: { type: Boolean }, drafts: { state: true }, focused: { state: true } };

  constructor() {
    super();
    // What is typed and not yet taken by the daemon; by document and field, so that it outlives any reload.
    Object.assign(this, { document: null, edits: [], drafts: new Map(), taken: new Map(), focused: '', readonly: false });
  }

  /** Where a person took the value from, as the edit says that set it. */
  placeOf(field) {
    const edit = field.source === 'person' && this.edits.findLast((other) => other.kind === 'set_field' && !other.undone &&
      other.arguments.document === this.document.key && other.arguments.name === field.name);
    return edit?.arguments?.box ? { page: edit.arguments.page, box: edit.arguments.box } : { page: field.page };
  }

  /** What is known, then what is usual and not known yet. */
  fields() {
    const known = (this.document?.fields ?? []).filter((field) => !shownAbove.includes(field.name));
    const missing = usual.filter((name) => !known.some((field) => field.name === name));
    return [...known, ...missing.map((name) => ({ name, value: '', confidence: 1, source: '', page: '' }))];
  }

  draftKey(name) { return `${this.document.key} ${name}`; }
  emitEdit(edit) { this.dispatchEvent(new CustomEvent('edit', { detail: { ...edit, document: this.document.key }, bubbles: true })); }

  type(name, value) {
    this.drafts.set(this.draftKey(name), value);
    this.requestUpdate();
  }

  /** Hands the draft of a field over; it stays until the document has the value. */
  commit(field) {
    const value = this.drafts.get(this.draftKey(field.name))?.trim();
    if (value === undefined) return;
    if (value === field.value && !isDoubtful(field)) { this.drafts.delete(this.draftKey(field.name)); return; }
    const place = this.taken.get(this.draftKey(field.name)) ?? {};
    this.emitEdit({ kind: 'set_field', name: field.name, value, ...place });
  }

  /** Text from the page into the field that was focused last. */
  take({ text, box, page, append }) {
    const field = this.fields().find((candidate) => candidate.name === this.focused);
    if (!field) return false;
    const before = append ? this.shown(field) : '';
    this.taken.set(this.draftKey(field.name), { page, box });
    this.type(field.name, [before, text].filter(Boolean).join(' '));
    this.updateComplete.then(() => this.querySelector(`[data-field="${CSS.escape(field.name)}"]`)?.focus());
    return true;
  }

  willUpdate(changed) {
    if (!changed.has('document') || !this.document) return;
    for (const field of this.document.fields) {
      if (this.drafts.get(this.draftKey(field.name)) === field.value) this.drafts.delete(this.draftKey(field.name));
    }
    if (changed.get('document')?.key !== this.document.key) this.focused = '';
  }

  shown(field) { return this.drafts.get(this.draftKey(field.name)) ?? field.value; }

  focusFirst() {
    const inputs = [...this.querySelectorAll('[data-field]')];
    (inputs.find((input) => input.dataset.doubtful === 'yes') ?? inputs[0])?.focus();
    return inputs.length > 0;
  }

  key(event, field) {
    const inputs = [...this.querySelectorAll('[data-field]')];
    const at = inputs.indexOf(event.target);
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      inputs[at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
    } else if (event.key === 'Tab') {
      const others = event.shiftKey ? inputs.slice(0, at).reverse() : inputs.slice(at + 1);
      const next = others.find((input) => input.dataset.doubtful === 'yes');
      if (!next) return;
      next.focus();
    } else if (event.key === 'Enter') {
      this.commit(field);
      this.dispatchEvent(new CustomEvent('fields-done', { bubbles: true }));
    } else if (event.key === 'Escape') {
      this.drafts.delete(this.draftKey(field.name));
      event.target.blur();
      this.requestUpdate();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  focus_(field) {
    this.focused = field.name;
    const place = this.placeOf(field);
    this.dispatchEvent(new CustomEvent('place', { detail: place.page ? { ...place, value: field.value, kind: 'field' } : null, bubbles: true }));
  }

  render() {
    const document = this.document;
    if (!document) return nothing;
    return html`<header class="mr-fields__head">
        <h2>${t('batch.document_of', { index: this.index, total: this.total })}</h2>
        ${document.confirmed ? html`<span class="mr-tag mr-tag--done">${icon('check')}${t('batch.confirmed')}</span>` : nothing}
        ${document.quality === 'waits' ? html`<span class="mr-tag">${t('quality.waits')}</span>` : nothing}</header>
      <div class="mr-classes" role="group" aria-label=${t('batch.class')}>${offeredClasses().map((entry, index) => html`
        <button class="mr-class" aria-pressed=${entry.id === document.class} ?disabled=${this.readonly}
          @click=${() => this.emitEdit({ kind: 'set_class', class: entry.id })}>
          ${index < 9 ? html`<kbd>${index + 1}</kbd>` : nothing}<span>${nameOf(entry)}</span></button>`)}</div>
      <div class="mr-pair">
        <div class="mr-field"><span class="mr-field__label">${t('batch.department')} <kbd>D</kbd></span>
          <button class="mr-input mr-input--button" ?disabled=${this.readonly} @click=${() => this.dispatchEvent(new CustomEvent('pick-department', { bubbles: true }))}>
            ${departmentName(document.department)}</button></div>
        <label class="mr-field"><span class="mr-field__label">${t('scan.priority')} <kbd>P</kbd></span>
          <select class="mr-input" ?disabled=${this.readonly} .value=${bound(document.priority)}
            @change=${(event) => this.emitEdit({ kind: 'set_priority', priority: event.target.value })}>
            ${allTerms().priorities.map((priority) => html`<option value=${priority} ?selected=${priority === document.priority}>${priorityName(priority)}</option>`)}
          </select></label>
      </div>
      <details class="mr-received"><summary>${t('fields.received', { day: day(document.received), channel: channelName(document.channel) })}</summary>
      <div class="mr-pair">
        <label class="mr-field"><span class="mr-field__label">${t('scan.received')}</span>
          <mr-date .readonly=${this.readonly} .max=${today()} .value=${bound(document.received)}
            @change=${(event) => event.target.value && this.emitEdit({ kind: 'set_received', date: event.target.value, channel: document.channel })}></label>
        <label class="mr-field"><span class="mr-field__label">${t('scan.channel')}</span>
          <select class="mr-input" ?disabled=${this.readonly} @change=${(event) => this.emitEdit({ kind: 'set_received', date: document.received, channel: event.target.value })}>
            ${allTerms().channels.map((channel) => html`<option value=${channel} ?selected=${channel === document.channel}>${channelName(channel)}</option>`)}
          </select></label>
      </div>
      </details>
      <h3 class="mr-fields__title">${t('batch.fields')} <kbd>G</kbd></h3>
      ${this.fields().map((field) => this.field(field))}`;
  }

  field(field) {
    const doubtful = isDoubtful(field);
    const id = `field-${field.name}`;
    return html`<div class="mr-field ${doubtful ? 'is-doubtful' : ''}">
      <label class="mr-field__label" for=${id}>${tOr(`field.${field.name}`, field.name)}
        <span class="mr-field__source">${doubtful ? html`${icon('warning')}${t('field.doubtful', { share: percent(field.confidence) })}` : field.source && tOr(`source.${field.source}`, field.source)}</span></label>
      <input class="mr-input" id=${id} data-field=${field.name} data-doubtful=${doubtful ? 'yes' : 'no'} tabindex=${doubtful ? '0' : '-1'}
        maxlength="500" autocomplete="off" spellcheck="false" ?readonly=${this.readonly} .value=${bound(this.shown(field))}
        @focus=${() => this.focus_(field)} @input=${(event) => this.type(field.name, event.target.value)}
        @change=${() => this.commit(field)} @keydown=${(event) => this.key(event, field)}></div>`;
  }
}
customElements.define('mr-fields', Fields);
