import { html, nothing } from '../lib/lit.js';
import { day, money, of, t } from '../words.js';

const days = ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'];
const over = new URLSearchParams(location.search).get('over');

async function choose(app, matter) {
  if (await app.ask('put', '/visit/matter', { matter })) await app.goTo('consent');
}

export const start = {
  render(app) {
    const { matters, works } = app.kiosk;
    return html`<h1 tabindex="-1">${t('start.title')}</h1>
      ${over && over !== 'ended' && !app.visit ? html`<p class="mr-note" role="status">${t(`over.${over}`)}</p>` : nothing}
      ${works.delivery === 'waiting' ? html`<p class="mr-note">${t('start.waiting')}</p>` : nothing}
      <div class="mr-matters">${matters.map((matter, index) => html`
        <button type="button" class="mr-tile" data-choice data-matter=${matter.id} ?disabled=${!matter.available} @click=${() => choose(app, matter.id)}>
          <span class="mr-number" aria-hidden="true">${index + 1}</span>
          <span class="mr-tile__title">${of(matter.title)}</span>
          <span class="mr-tile__text">${matter.available ? of(matter.text) : matter.missing.map((one) => t(`missing.${one}`)).join(' ')}</span>
          <span class="mr-tile__fee">${matter.fee > 0 ? money(matter.fee) : t('free')}</span></button>`)}</div>
      <button type="button" class="mr-secondary" data-choice id="look-up" @click=${async () => { await app.here(); await app.goTo('lookUp'); }}>${t('start.look_up')}</button>`;
  },
};

export const closed = {
  render(app) {
    return html`<h1 tabindex="-1">${t('closed.title')}</h1>
      <p>${t('closed.text')}</p>
      <ul class="mr-hours">${app.kiosk.hours.map((span) => html`<li>${span.days.map((one) => t(`day.${days[one - 1]}`)).join(', ')}: ${span.from} – ${span.to}</li>`)}</ul>
      <p>${day(new Date().toISOString())}</p>`;
  },
};
