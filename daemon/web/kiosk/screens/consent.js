import { html, nothing } from '../lib/lit.js';
import { money, of, t } from '../words.js';

export const consent = {
  render(app) {
    const { matter } = app;
    return html`<h1 tabindex="-1">${of(matter.title)}</h1>
      <p>${of(matter.text)}</p>
      ${matter.fee > 0 ? html`<p>${t('consent.fee', { fee: money(matter.fee) })}</p>` : nothing}
      <h2>${t('consent.reads')}</h2>
      <dl class="mr-reads">${matter.reads.map((one) => html`<div><dt>${t(`group.${one.group}`)}</dt><dd>${of(one.why)}</dd></div>`)}</dl>
      <p class="mr-note">${t('consent.promise')}</p>
      <button type="button" class="mr-primary" data-choice id="agree" @click=${async () => { if (await app.ask('put', '/visit/consent')) await app.goOn(); }}>${t('consent.agree')}</button>`;
  },
};
