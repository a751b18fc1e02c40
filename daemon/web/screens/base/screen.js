// What every screen is: an element in light DOM (KERN UX is plain CSS) that gives its listeners and
// shortcuts back when it leaves.

import { LitElement, html, nothing } from '../lib/lit.js';
import { DaemonError } from './daemon.js';
import { live } from './live.js';
import { tOr } from './words.js';

export { html, nothing };

export class Screen extends LitElement {
  createRenderRoot() { return this; }

  connectedCallback() {
    super.connectedCallback();
    this.leaving = [];
    this.entered?.();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const undo of this.leaving) undo();
    this.leaving = [];
  }

  /** Listens until the screen leaves. */
  on(target, kind, listener) {
    target.addEventListener(kind, listener);
    this.leaving.push(() => target.removeEventListener(kind, listener));
  }

  /** Calls `reload` on any of these live events (at most once per `pause` milliseconds) and after a gap. */
  reloadOn(kinds, reload, pause = 400) {
    let waiting = null;
    const soon = () => { waiting ??= setTimeout(() => { waiting = null; reload(); }, pause); };
    for (const kind of [...kinds, 'resync']) this.on(live, kind, soon);
    this.leaving.push(() => clearTimeout(waiting));
  }

  /** Does `work`, shows what went wrong, and gives its result or undefined. */
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      sayError(error);
      return undefined;
    }
  }
}

/** Shows a message to the person; kinds: info, success, warning, danger. */
export function say(text, kind = 'info', remedy = '') {
  document.dispatchEvent(new CustomEvent('mailroom-message', { detail: { text, kind, remedy } }));
}

/** What went wrong in the person's language, by its code; the daemon's own words beside it. */
export function errorText(error) { return tOr(`error.${error.code}`, error.message); }
export function errorDetail(error) {
  return error.code === 'not_found' ? '' : [error.message, error.remedy].filter((text) => text && text !== errorText(error)).join('. ');
}
export function sayError(error) { say(errorText(error), 'danger', errorDetail(error)); }

/** Goes to another screen: go('batches', '26-00001'). */
export function go(...parts) { location.hash = `#/${parts.map(encodeURIComponent).join('/')}`; }
export function link(...parts) { return `#/${parts.map(encodeURIComponent).join('/')}`; }

export function icon(name) { return html`<span class="kern-icon kern-icon--small mr-icon--${name} kern-icon--${name}" aria-hidden="true"></span>`; }
