import { html } from '../lib/lit.js';
import { has, t } from '../words.js';

const steps = ['waiting_for_card', 'reading'];

async function begin(app) {
  await app.ask('post', '/visit/identity');
}

const picture = (state) => html`<svg class="mr-card-picture mr-card-picture--${state}" viewBox="0 0 320 200" role="img" aria-label=${t('identify.picture')}>
  <rect x="40" y="110" width="240" height="76" rx="10" class="mr-svg-device"/><rect x="70" y="124" width="180" height="14" rx="7" class="mr-svg-slot"/>
  <g class="mr-svg-keys"><circle cx="120" cy="160" r="7"/><circle cx="145" cy="160" r="7"/><circle cx="170" cy="160" r="7"/><circle cx="195" cy="160" r="7"/></g>
  <g class="mr-svg-card"><rect x="95" y="10" width="130" height="84" rx="8"/><rect x="107" y="26" width="30" height="38" rx="3" class="mr-svg-photo"/>
  <path d="M148 32h62M148 46h50M148 60h58" class="mr-svg-line"/></g><path d="M160 98v16m-9-9 9 9 9-9" class="mr-svg-arrow"/></svg>`;

export const identify = {
  entered(app) { if (app.visit.identity.state === 'none') begin(app); },
  seen(app) {
    if (app.screen !== 'identify' || app.visit.identity.state !== 'done') return;
    if (app.visit.tracking && !app.visit.matter) app.goTo('answers');
    else app.goOn();
  },
  render(app) {
    const { state, fault, tries_left: tries } = app.visit.identity;
    if (state === 'failed') {
      return html`<h1 tabindex="-1">${t('identify.failed')}</h1>
        <p class="mr-problem" role="alert">⚠ ${has(`fault.${fault}`) ? t(`fault.${fault}`) : t('fault.other')}</p>
        ${tries !== undefined ? html`<p>${t(tries === 1 ? 'tries.one' : 'tries.other', { n: tries })}</p>` : ''}
        <button type="button" class="mr-primary" data-choice id="again" @click=${() => begin(app)}>${t('again')}</button>`;
    }
    return html`<h1 tabindex="-1">${t('identify.title')}</h1>
      ${picture(state)}
      <ol class="mr-steps">
        <li aria-current=${state !== 'reading' ? 'step' : 'false'}>${t('identify.lay')}</li>
        <li aria-current=${state === 'reading' ? 'step' : 'false'}>${t('identify.pin')}</li>
        <li>${t('identify.wait')}</li></ol>
      <p class="mr-status" role="status">${t(steps.includes(state) ? `identify.${state}` : 'identify.waiting_for_card')}</p>`;
  },
};
