import { html, nothing } from '../lib/lit.js';
import * as daemon from '../daemon.js';
import { keyboard, typed } from '../keyboard.js';
import { has, moment, of, t } from '../words.js';

async function find(app) {
  try {
    app.see(await daemon.put('/visit/tracking', { tracking: app.form.tracking ?? '' }));
    await app.goTo('tracking');
  } catch (error) {
    if (error.status === 404 || error.status === 429) {
      app.wrong = [error.status === 404 ? 'unknown' : 'too_many'];
      app.querySelector('#tracking')?.focus();
    } else {
      await app.attempt(() => { throw error; });
    }
  }
}

export const lookUp = {
  render(app) {
    const value = app.form.tracking ?? '';
    const set = (text) => { app.form = { ...app.form, tracking: text }; app.wrong = []; };
    return html`<h1 tabindex="-1">${t('lookup.title')}</h1>
      <div class="mr-field"><label for="tracking">${t('lookup.number')}</label><p id="hint-tracking">${t('lookup.hint')}</p>
        <input id="tracking" autocomplete="off" spellcheck="false" maxlength="40" aria-describedby="hint-tracking wrong-tracking" aria-invalid=${app.wrong.length > 0} .value=${value}
          @input=${(event) => set(event.target.value)} @keydown=${(event) => { if (event.key === 'Enter') find(app); }}>
        <p class="mr-wrong" id="wrong-tracking">${app.wrong.length > 0 ? html`⚠ ${t(`lookup.${app.wrong[0]}`)}` : nothing}</p></div>
      <button type="button" class="mr-primary" data-choice id="find" @click=${() => find(app)}>${t('lookup.find')}</button>
      ${keyboard(false, (key) => set(typed(value, key)))}`;
  },
};

export const tracking = {
  render(app) {
    const found = app.visit.tracking;
    return html`<h1 tabindex="-1">${of(found.matter)}</h1>
      <p class="mr-tracking">${found.tracking}</p>
      <ol class="mr-timeline">${found.status.map((one) => html`<li><time>${moment(one.at)}</time> <strong>${has(`status.${one.step}`) ? t(`status.${one.step}`) : one.step}</strong> ${one.text ?? ''}</li>`)}</ol>
      ${found.answers > 0 ? html`<p class="mr-note">${t(found.answers === 1 ? 'answers.one' : 'answers.other', { n: found.answers })}</p>
        <button type="button" class="mr-primary" data-choice id="open-answers" @click=${() => app.goTo('identify')}>${t('answers.open')}</button>` : nothing}`;
  },
};

async function show(app, answer, page) {
  app.form = { ...app.form, shown: { answer, page, address: await app.attempt(() => daemon.blob(`/visit/answers/${answer}/pages/${page}`)) } };
}

export const answers = {
  entered(app) { const [first] = app.visit.tracking.opened; if (first) show(app, first.answer, 1); },
  render(app) {
    const { shown } = app.form;
    const { opened } = app.visit.tracking;
    const current = opened.find((one) => one.answer === shown?.answer);
    return html`<h1 tabindex="-1">${t('answers.title')}</h1>
      <div class="mr-answers">${opened.map((one) => html`<button type="button" class="mr-secondary" data-choice aria-pressed=${one.answer === shown?.answer} @click=${() => show(app, one.answer, 1)}>${one.title} – ${moment(one.at)}</button>`)}</div>
      ${current ? html`<div class="mr-page">${shown.address ? html`<img src=${shown.address} alt=${t('answers.page', { n: shown.page, of: current.pages })}>` : nothing}</div>
        <p>${t('answers.page', { n: shown.page, of: current.pages })}</p>
        ${shown.page < current.pages ? html`<button type="button" class="mr-primary" data-choice id="next-page" @click=${() => show(app, current.answer, shown.page + 1)}>${t('answers.next')}</button>` : nothing}` : nothing}`;
  },
};
