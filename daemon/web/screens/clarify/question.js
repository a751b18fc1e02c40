// One clarification with its permitted answers as buttons. Emits "answered" with the clarification as
// it is then, "conflict" when somebody was faster, and "field-focused" { name } of a field that is asked for.

import { html, nothing, Screen, errorDetail, errorText, icon } from '../base/screen.js';
import { DaemonError, post } from '../base/daemon.js';
import { allTerms, resolutionArguments, resolutionText, offeredClasses } from '../base/terms.js';
import { ago, nameOf, t, textOf } from '../base/words.js';
import './asked_fields.js';
import './creditor_choice.js';

class Question extends Screen {
  static properties = { question: {}, readonly: { type: Boolean }, numbered: { type: Boolean }, chosen: { state: true }, failure: { state: true }, busy: { state: true } };

  constructor() {
    super();
    Object.assign(this, { question: null, readonly: false, numbered: false, chosen: '', failure: '', busy: false });
    this.typed = new Map();  // by clarification, answer and argument: nothing typed is lost
  }

  willUpdate(changed) {
    if (!changed.has('question') || changed.get('question')?.id === this.question?.id) return;
    // Whoever comes to a question about fields sees them at once.
    const first = this.question?.resolutions[0];
    Object.assign(this, { chosen: first === 'set_fields' ? first : '', failure: '' });
  }

  /** The fields of an answer that this question is about. */
  askedFields() {
    const offered = resolutionArguments(this.chosen).filter(({ type }) => type === 'invoice_field').map(({ name }) => name);
    return offered.filter((name) => name in this.question.values);
  }

  /** Text that was taken from the page. */
  take(text) { this.querySelector('mr-asked-fields')?.take(text); }

  key(name) { return `${this.question.id} ${this.chosen} ${name}`; }

  /** Chooses the answer of this number; asks for its arguments first when it needs some. */
  chooseNumber(number) {
    const kind = this.question?.resolutions[number - 1];
    if (!kind || this.readonly) return false;
    this.choose(kind);
    return true;
  }

  choose(kind) {
    this.chosen = kind;
    this.failure = '';
    const needed = resolutionArguments(kind).filter((argument) => argument.name !== 'note');
    if (needed.length === 0) this.answer();
    else this.updateComplete.then(() => this.querySelector('.mr-arguments .mr-input')?.focus());
  }

  async answer() {
    const plain = resolutionArguments(this.chosen).filter(({ type }) => type !== 'invoice_field');
    const given = [...plain.map(({ name, type }) => [name, this.valueOf(name, type)]), ...Object.entries(this.querySelector('mr-asked-fields')?.given() ?? {})];
    this.busy = true;
    try {
      const now = await post(`/clarifications/${this.question.id}/answer`, {
        version: this.question.version, resolution: this.chosen,
        arguments: Object.fromEntries(given.filter(([, value]) => value !== '')) });
      this.dispatchEvent(new CustomEvent('answered', { detail: now, bubbles: true }));
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      if (error.status === 409) {
        this.failure = error.current?.name ? t('conflict.by', { name: error.current.name }) : t('conflict.text');
        this.dispatchEvent(new CustomEvent('conflict', { bubbles: true }));
      } else {
        this.failure = [errorText(error), errorDetail(error)].filter(Boolean).join(' ');
      }
    }
    this.busy = false;
  }

  valueOf(name, type) {
    const value = this.typed.get(this.key(name)) ?? '';
    return type === 'sheets' && value !== '' ? Number(value) : value;
  }

  render() {
    const question = this.question;
    if (!question) return nothing;
    return html`<article class="mr-question">
      <p class="mr-question__text">${icon('question-mark')}<strong>${textOf(question)}</strong></p>
      <p class="mr-muted">${t('clarify.since', { ago: ago(question.opened_at) })}</p>
      ${question.lease && !question.lease.mine ? html`<p class="mr-failure">${t('lease.other', { name: question.lease.name })}</p>` : nothing}
      <div class="mr-answers" role="group" aria-label=${t('clarify.answers')}>${question.resolutions.map((kind, index) => html`
        <button class="kern-btn ${index ? 'kern-btn--secondary' : 'kern-btn--primary'} mr-answer" aria-expanded=${this.chosen === kind ? 'true' : nothing}
          ?disabled=${this.readonly || this.busy} @click=${() => this.choose(kind)}>
          ${this.numbered && index < 9 ? html`<kbd>${index + 1}</kbd>` : nothing}<span class="kern-label">${resolutionText(kind)}</span></button>`)}</div>
      ${this.chosen && resolutionArguments(this.chosen).length ? this.arguments() : nothing}
      ${this.failure ? html`<p class="mr-failure" role="alert">${icon('danger')}${this.failure}</p>` : nothing}</article>`;
  }

  arguments() {
    return html`<form class="mr-arguments" @submit=${(event) => { event.preventDefault(); this.answer(); }}>
      ${this.askedFields().length ? html`<mr-asked-fields .subject=${this.question.id} .names=${this.askedFields()} .values=${this.question.values} ?readonly=${this.readonly}></mr-asked-fields>` : nothing}
      ${resolutionArguments(this.chosen).filter(({ type }) => type !== 'invoice_field').map((argument) => this.argument(argument))}
      <button class="kern-btn kern-btn--primary" ?disabled=${this.busy}><span class="kern-label">${t('clarify.send')}</span></button></form>`;
  }

  argument({ name, type, required }) {
    const set = (event) => { this.typed.set(this.key(name), event.target.value); this.requestUpdate(); };
    const value = this.typed.get(this.key(name)) ?? '';
    if (name === 'creditor') {
      return html`<mr-creditor-choice .subject=${this.question.id} .value=${value} .seller=${this.question.values.seller ?? ''} @change=${set}></mr-creditor-choice>`;
    }
    const options = { class_id: offeredClasses(), department_id: allTerms().departments,
                      back: ['blank', 'content'].map((id) => ({ id, name_de: t(`back.${id}`), name_en: t(`back.${id}`) })),
                      page_id: (this.question.evidence ?? []).map(({ page }, index) => ({ id: page, name_de: t('clarify.page', { n: index + 1 }), name_en: t('clarify.page', { n: index + 1 }) })) }[type];
    return html`<label class="mr-field"><span class="mr-field__label">${t(`argument.${name}`)}${required ? '' : ` (${t('clarify.optional')})`}</span>
      ${options ? html`<select class="mr-input" ?required=${required} @change=${set}><option value="" ?selected=${!value}>–</option>
          ${options.map((option) => html`<option value=${option.id} ?selected=${option.id === value}>${nameOf(option)}</option>`)}</select>`
        : html`<input class="mr-input" ?required=${required} maxlength="500" inputmode=${type === 'sheets' ? 'numeric' : 'text'} .value=${value} @input=${set}>`}</label>`;
  }
}
customElements.define('mr-question', Question);
