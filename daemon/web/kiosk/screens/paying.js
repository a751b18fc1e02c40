import { html, nothing } from '../lib/lit.js';
import * as daemon from '../daemon.js';
import { has, money, of, t } from '../words.js';

async function handIn(app, pay) {
  const visit = await app.ask('post', '/visit/hand-in', pay ? { pay } : {});
  if (visit) await app.goTo(visit.handed_in.done ? 'done' : 'paying');
}

function ways(app, choose) {
  const { matter } = app;
  if (matter.fee === 0) return html`<button type="button" class="mr-primary" data-choice id="hand-in" @click=${() => choose('')}>${t('check.hand_in')}</button>`;
  const byCard = matter.ways_to_pay.includes('card') && app.kiosk.works.card_payment === 'ok';
  return html`${byCard ? html`<button type="button" class="mr-primary" data-choice id="card" @click=${() => choose('card')}>${t('pay.card', { fee: money(matter.fee) })}</button>` : nothing}
    ${matter.ways_to_pay.includes('later') ? html`<button type="button" class=${byCard ? 'mr-secondary' : 'mr-primary'} data-choice id="later" @click=${() => choose('later')}>${t('pay.later')}</button>` : nothing}`;
}

export const check = {
  render(app) {
    const { visit, matter } = app;
    return html`<h1 tabindex="-1">${t('check.title')}</h1>
      <dl class="mr-summary"><div><dt>${t('check.matter')}</dt><dd>${of(matter.title)}</dd></div>
        ${matter.details.filter(({ id }) => visit.details[id]).map((one) => html`<div><dt>${of(one.title)}</dt><dd>${visit.details[one.id]}</dd></div>`)}
        <div><dt>${t('check.identity')}</dt><dd>✓ ${t('check.identified')}</dd></div>
        ${visit.proofs.filter(({ state }) => state !== 'open').map((proof) => html`<div><dt>${of(matter.proofs.find((one) => one.id === proof.id).title)}</dt>
          <dd>✓ ${proof.state === 'earlier' ? t('check.earlier') : t(proof.sides.length === 1 ? 'proofs.one' : 'proofs.other', { n: proof.sides.length })}</dd></div>`)}
        ${matter.fee > 0 ? html`<div><dt>${t('check.fee')}</dt><dd>${money(matter.fee)}</dd></div>` : nothing}</dl>
      ${ways(app, (pay) => handIn(app, pay))}`;
  },
};

export const paying = {
  seen(app) { if (app.screen === 'paying' && app.visit.handed_in.done) app.goTo('done'); },
  render(app) {
    const { payment } = app.visit;
    if (payment.state === 'running') {
      return html`<h1 tabindex="-1">${t('pay.title', { fee: money(payment.cents) })}</h1>
        <p class="mr-status mr-status--large" role="status">${has(`step.${payment.step}`) ? t(`step.${payment.step}`) : t('step.wait')}</p>
        <button type="button" class="mr-secondary" data-choice id="abort" @click=${() => app.ask('remove', '/visit/payment')}>${t('pay.abort')}</button>`;
    }
    return html`<h1 tabindex="-1">${t('pay.failed')}</h1>
      <p class="mr-problem" role="alert">⚠ ${payment.step === 'unreachable' ? t('pay.unreachable') : t(`pay.${payment.state}`)} ${payment.text ?? ''}</p>
      <p>${t('pay.nothing')}</p>
      ${ways(app, (pay) => app.ask('post', '/visit/payment', { pay }))}`;
  },
};

async function load(app) {
  app.codes = { tracking: await app.attempt(() => daemon.blob('/visit/code?of=tracking')) };
  if (app.visit.payment.state === 'later') app.codes.payment = await app.attempt(() => daemon.blob('/visit/code?of=payment'));
  app.requestUpdate();
}

const opinion = (app) => (app.form.opinion ? html`<p role="status">${t('opinion.thanks')}</p>` : html`<fieldset class="mr-opinion"><legend>${t('opinion.title')}</legend>
  ${[1, 2, 3, 4, 5].map((one) => html`<button type="button" data-opinion=${one} @click=${async () => { await app.attempt(() => daemon.put('/visit/opinion', { easy: one })); app.form = { ...app.form, opinion: one }; }}>${one}<span>${t(`opinion.${one}`)}</span></button>`)}</fieldset>`);

export const done = {
  entered(app) { load(app); },
  render(app) {
    const { handed_in: handedIn, payment } = app.visit;
    return html`<h1 tabindex="-1">✓ ${t('done.title')}</h1>
      <p>${t(handedIn.delivery === 'ok' ? 'done.text' : 'done.waiting')}</p>
      ${payment.state === 'paid' ? html`<p>✓ ${t('done.paid', { fee: money(payment.cents) })}</p>` : nothing}
      ${payment.state === 'unknown' ? html`<p class="mr-note">${t('done.unknown')}</p>` : nothing}
      <div class="mr-codes"><figure>${app.codes?.tracking ? html`<img src=${app.codes.tracking} alt=${t('done.code')}>` : nothing}
          <figcaption>${t('done.number')}<strong class="mr-tracking">${handedIn.tracking}</strong></figcaption></figure>
        ${payment.state === 'later' ? html`<figure>${app.codes?.payment ? html`<img src=${app.codes.payment} alt=${t('done.girocode')}>` : nothing}
          <figcaption>${t('done.transfer', { fee: money(payment.cents) })}<strong>${payment.reference}</strong></figcaption></figure>` : nothing}</div>
      <p class="mr-note mr-card-out">${t('done.card')}</p>
      ${opinion(app)}`;
  },
};
