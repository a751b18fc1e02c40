// Local users and what they may do: role, class, department and station of each right.

import { html, nothing, Screen, icon, say } from '../base/screen.js';
import { get, patch, post } from '../base/daemon.js';
import { allTerms } from '../base/terms.js';
import { day, nameOf, t, tOr } from '../base/words.js';

const roles = ['operator', 'quality_control', 'administrator', 'auditor'];
const everywhere = { role: 'operator', class: '*', department: '*', station: '*' };

class Users extends Screen {
  static properties = { users: { state: true }, draft: { state: true }, secret: { state: true } };

  entered() {
    Object.assign(this, { users: null, draft: null, secret: null });
    this.load();
  }

  async load() { this.users = (await this.attempt(() => get('/users')))?.users ?? this.users; }

  /** `user` is null for a new one. */
  async edit(user) {
    this.draft = user ? { ...user, isNew: false, rights: user.rights.map((right) => ({ ...right })) } : { user: '', name: '', active: true, isNew: true, rights: [{ ...everywhere }] };
    await this.updateComplete;
    this.querySelector('#user').showModal();
  }

  changeRight(index, name, value) {
    const rights = this.draft.rights.map((right, at) => (at === index ? { ...right, [name]: value } : right));
    this.draft = { ...this.draft, rights };
  }

  async save(event) {
    event.preventDefault();
    const { user, name, active, rights, isNew } = this.draft;
    const saved = await this.attempt(() => (isNew ? post('/users', { user, name, rights }) : patch(`/users/${encodeURIComponent(user)}`, { name, active, rights })));
    if (saved) this.done(saved);
  }

  async newPassword() {
    const saved = await this.attempt(() => patch(`/users/${encodeURIComponent(this.draft.user)}`, { new_password: true }));
    if (saved) this.done(saved);
  }

  done(saved) {
    this.querySelector('#user').close();
    this.secret = saved.password ? saved : null;
    if (!saved.password) say(t('users.saved'), 'success');
    this.load();
  }

  render() {
    return html`<div class="mr-fields__head"><h2>${t('admin.users')}</h2><span class="mr-spacer"></span>
        <button class="kern-btn kern-btn--secondary" @click=${() => this.edit(null)}>${icon('add')}<span class="kern-label">${t('users.add')}</span></button></div>
      ${this.secret ? html`<p class="mr-notice" role="status">${t('users.password', { user: this.secret.user })} <code>${this.secret.password}</code>
        <button class="mr-link-button" @click=${() => { this.secret = null; }}>${t('message.close')}</button></p>` : nothing}
      <table class="mr-table"><caption class="kern-sr-only">${t('admin.users')}</caption><thead><tr><th scope="col">${t('login.user')}</th><th scope="col">${t('users.name')}</th><th scope="col">${t('users.rights')}</th><th scope="col">${t('users.since')}</th><th scope="col"><span class="kern-sr-only">${t('users.edit')}</span></th></tr></thead>
        <tbody>${(this.users ?? []).map((user) => html`<tr><td>${user.user}${user.active ? '' : html` <span class="mr-tag">${t('users.inactive')}</span>`}</td><td>${user.name}</td>
          <td>${user.rights.map((right) => html`<div>${this.rightText(right)}</div>`)}</td><td>${day(user.created_at)}</td>
          <td><button class="mr-link-button" aria-label=${`${t('users.edit')}: ${user.user}`} @click=${() => this.edit(user)}>${t('users.edit')}</button></td></tr>`)}</tbody></table>
      ${this.dialog()}`;
  }

  rightText(right) {
    const where = [['class', 'classes'], ['department', 'departments'], ['station', 'stations']]
      .filter(([name]) => right[name] !== '*').map(([name, list]) => nameOf(allTerms()[list].find((entry) => entry.id === right[name])) || right[name]);
    return `${tOr(`role.${right.role}`, right.role)}${where.length ? ` (${where.join(', ')})` : ''}`;
  }

  dialog() {
    const draft = this.draft;
    if (!draft) return nothing;
    const set = (name) => (event) => { this.draft = { ...this.draft, [name]: event.target.value }; };
    return html`<dialog class="kern-dialog mr-dialog" id="user" aria-labelledby="user-title"><form @submit=${this.save}>
      <header class="kern-dialog__header"><h2 class="kern-title" id="user-title">${draft.isNew ? t('users.add') : draft.user}</h2>
        <button type="button" class="mr-icon-button" aria-label=${t('dialog.close')} @click=${() => this.querySelector('#user').close()}>${icon('close')}</button></header>
      <section class="kern-dialog__body">
        <div class="mr-pair"><label class="mr-field"><span class="mr-field__label">${t('login.user')}</span><input class="mr-input" required pattern="[a-z][a-z0-9._\\-]{0,31}" .value=${draft.user} ?readonly=${!draft.isNew} @input=${set('user')} autocomplete="off"></label>
          <label class="mr-field"><span class="mr-field__label">${t('users.name')}</span><input class="mr-input" required maxlength="100" .value=${draft.name} @input=${set('name')} autocomplete="off"></label></div>
        ${draft.rights.map((right, index) => html`<fieldset class="mr-right"><legend class="kern-sr-only">${t('users.right', { n: index + 1 })}</legend>
          ${this.choice('users.role', right.role, roles.map((id) => ({ id, name: t(`role.${id}`) })), (value) => this.changeRight(index, 'role', value))}
          ${['class', 'department', 'station'].map((name) => this.choice(`batch.${name}`, right[name], [{ id: '*', name: t('users.all') }, ...allTerms()[{ class: 'classes', department: 'departments', station: 'stations' }[name]].map((entry) => ({ id: entry.id, name: nameOf(entry) }))], (value) => this.changeRight(index, name, value)))}
          <button type="button" class="mr-icon-button" aria-label=${t('users.drop_right', { n: index + 1 })} ?disabled=${draft.rights.length < 2}
            @click=${() => { this.draft = { ...draft, rights: draft.rights.filter((_, at) => at !== index) }; }}>${icon('close')}</button></fieldset>`)}
        <button type="button" class="mr-link-button" @click=${() => { this.draft = { ...draft, rights: [...draft.rights, { ...everywhere }] }; }}>${t('users.add_right')}</button>
        ${draft.isNew ? html`<p class="mr-muted">${t('users.password_made')}</p>` : html`<label class="mr-check"><input type="checkbox" .checked=${draft.active} @change=${(event) => { this.draft = { ...draft, active: event.target.checked }; }}><span>${t('users.active')}</span></label>`}
      </section>
      <footer class="kern-dialog__footer">${draft.isNew ? nothing : html`<button type="button" class="kern-btn kern-btn--tertiary" @click=${() => this.newPassword()}><span class="kern-label">${t('users.new_password')}</span></button>`}
        <button class="kern-btn kern-btn--primary"><span class="kern-label">${t('users.save')}</span></button></footer></form></dialog>`;
  }

  choice(label, chosen, options, change) {
    return html`<label class="mr-field"><span class="mr-field__label">${t(label)}</span><select class="mr-input" @change=${(event) => change(event.target.value)}>
      ${options.map((option) => html`<option value=${option.id} ?selected=${option.id === chosen}>${option.name}</option>`)}</select></label>`;
  }
}
customElements.define('mr-users', Users);
