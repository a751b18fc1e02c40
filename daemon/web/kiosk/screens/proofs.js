import { html, nothing } from '../lib/lit.js';
import * as daemon from '../daemon.js';
import { day, has, of, t } from '../words.js';

const proofOf = (app) => app.visit.proofs.find((one) => one.id === app.form.proof) ?? app.visit.proofs.find((one) => app.isOpen(one));

async function scan(app, proof) {
  app.form = { ...app.form, proof: proof.id, scanning: true };
  await app.ask('post', `/visit/proofs/${proof.id}/scan`);
}

async function load(app, proof) {
  for (const { side } of proof.sides) {
    const key = `${proof.id}/${side}`;
    if (app.pictures[key] !== undefined) continue;
    app.pictures[key] = '';
    app.pictures[key] = await app.attempt(() => daemon.blob(`/visit/proofs/${proof.id}/sides/${side}/picture?small=1`)) ?? '';
    app.requestUpdate();
  }
}

async function finish(app, proof, more = {}) {
  app.form = { ...app.form, proof: undefined, scanning: false, ...more };
  await app.goOn();
}

function offer(app, proof, asked) {
  return html`<h1 tabindex="-1">${of(asked.title)}</h1>
    <p>${t('earlier.text', { date: day(proof.earlier.date), n: proof.earlier.pages })}</p>
    <button type="button" class="mr-primary" data-choice id="use-earlier" @click=${async () => { await app.ask('put', `/visit/proofs/${proof.id}/earlier`); await finish(app, proof); }}>${t('earlier.use')}</button>
    <button type="button" class="mr-secondary" data-choice id="scan-anew" @click=${() => { app.form = { ...app.form, anew: true, proof: proof.id }; }}>${t('earlier.anew')}</button>`;
}

function sides(app, proof) {
  return html`<ul class="mr-sides">${proof.sides.map(({ side }, index) => html`<li>
    ${app.pictures[`${proof.id}/${side}`] ? html`<img src=${app.pictures[`${proof.id}/${side}`]} alt=${t('proofs.side', { n: index + 1 })}>` : html`<span class="mr-blank">${t('proofs.side', { n: index + 1 })}</span>`}
    <button type="button" class="mr-quiet" @click=${() => app.ask('remove', `/visit/proofs/${proof.id}/sides/${side}`)}>${t('proofs.drop', { n: index + 1 })}</button></li>`)}</ul>`;
}

function captured(app, proof, asked) {
  return html`<h1 tabindex="-1">${t('proofs.check')}</h1>
    <p>${t(proof.sides.length === 1 ? 'proofs.one' : 'proofs.other', { n: proof.sides.length })}</p>
    ${fault(proof)}
    ${sides(app, proof)}
    <button type="button" class="mr-primary" data-choice id="good" @click=${() => finish(app, proof)}>${t('proofs.good')}</button>
    <button type="button" class="mr-secondary" data-choice id="more" @click=${() => scan(app, proof)}>${t('proofs.more')}</button>
    <button type="button" class="mr-secondary" data-choice id="retake" @click=${async () => { await app.ask('remove', `/visit/proofs/${proof.id}/sides`); app.form = { ...app.form, proof: asked.id }; }}>${t('proofs.retake')}</button>`;
}

function fault(proof) {
  if (!proof.fault) return nothing;
  return html`<p class="mr-problem" role="alert">⚠ ${t(has(`scan.${proof.fault}`) ? `scan.${proof.fault}` : 'scan.other')}</p>`;
}

export const proofs = {
  seen(app) { for (const proof of app.visit.proofs) if (app.screen === 'proofs') load(app, proof); },
  render(app) {
    const proof = proofOf(app);
    if (!proof) return html`<h1 tabindex="-1">${t('wait')}</h1>`;
    const asked = app.matter.proofs.find((one) => one.id === proof.id);
    if (proof.state === 'scanning') return html`<h1 tabindex="-1">${t('proofs.scanning')}</h1><p class="mr-status" role="status">${t('proofs.count', { n: proof.sides.length })}</p>
      <button type="button" class="mr-secondary" data-choice id="stop" @click=${() => app.ask('remove', `/visit/proofs/${proof.id}/scan`)}>${t('proofs.stop')}</button>`;
    if (proof.sides.length > 0) return captured(app, proof, asked);
    if (proof.earlier && !app.form.anew) return offer(app, proof, asked);
    return html`<h1 tabindex="-1">${of(asked.title)}</h1>
      <p>${of(asked.hint)}</p>
      ${fault(proof)}
      <p>${t('proofs.lay')}</p>
      <button type="button" class="mr-primary" data-choice id="scan" @click=${() => scan(app, proof)}>${t('proofs.scan')}</button>
      ${asked.needed ? nothing : html`<button type="button" class="mr-secondary" data-choice id="skip" @click=${() => finish(app, proof, { [`skip-${proof.id}`]: true })}>${t('proofs.skip')}</button>`}`;
  },
};
