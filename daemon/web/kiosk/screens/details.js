import { html, nothing } from '../lib/lit.js';
import { keyboard, typed } from '../keyboard.js';
import { of, t } from '../words.js';

const valueOf = (app, id) => app.form[`detail-${id}`] ?? '';
function set(app, id, value) {
  app.form = { ...app.form, [`detail-${id}`]: value };
  app.wrong = app.wrong.filter((one) => one !== id);
}
const current = (app) => app.matter.details.find((one) => one.id === app.form.field) ?? app.matter.details[0];

async function send(app) {
  const details = Object.fromEntries(app.matter.details.map(({ id }) => [id, valueOf(app, id).trim()]));
  app.wrong = app.matter.details.filter(({ id, needed }) => needed && !details[id]).map(({ id }) => id);
  if (app.wrong.length === 0) {
    try {
      const { put } = await import('../daemon.js');
      app.see(await put('/visit/details', { details }));
      return app.goOn();
    } catch (error) {
      if (error.status !== 422) return app.attempt(() => { throw error; });
      app.wrong = error.fields;
    }
  }
  await app.updateComplete;
  return app.querySelector(`#detail-${CSS.escape(app.wrong[0])}`)?.focus();
}

export const details = {
  render(app) {
    const field = (one) => html`<div class="mr-field">
        <label for="detail-${one.id}">${of(one.title)}${one.needed ? '' : html` <span class="mr-optional">${t('optional')}</span>`}</label>
        <p id="hint-${one.id}">${of(one.hint)}${one.example ? html` – ${t('example', { example: one.example })}` : nothing}</p>
        <input id="detail-${one.id}" autocomplete="off" spellcheck="false" inputmode=${one.digits ? 'numeric' : 'text'} maxlength="100"
          aria-describedby="hint-${one.id} wrong-${one.id}" aria-invalid=${app.wrong.includes(one.id)} .value=${valueOf(app, one.id)}
          @focus=${() => { app.form = { ...app.form, field: one.id }; }} @input=${(event) => set(app, one.id, event.target.value)}
          @keydown=${(event) => { if (event.key === 'Enter') send(app); }}>
        <p class="mr-wrong" id="wrong-${one.id}">${app.wrong.includes(one.id) ? html`⚠ ${t('wrong', { example: one.example })}` : nothing}</p></div>`;
    return html`<h1 tabindex="-1">${t('details.title')}</h1>
      ${app.matter.details.map(field)}
      <button type="button" class="mr-primary" data-choice id="next" @click=${() => send(app)}>${t('next')}</button>
      ${keyboard(current(app).digits, (key) => set(app, current(app).id, typed(valueOf(app, current(app).id), key)))}`;
  },
};
