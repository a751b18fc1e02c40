// Live events of the daemon (server-sent events). The browser resumes with the last event's id by
// itself; "resync" tells the screens to read anew what they may have missed.

import { setOnline } from './daemon.js';

const kinds = ['page', 'batch', 'clarifications', 'lease', 'scanner'];
export const live = new EventTarget();
let source = null;
let interrupted = false;

export function startLive() {
  stopLive();
  source = new EventSource('/api/v1/events');
  source.onopen = () => {
    setOnline(true);
    if (interrupted) live.dispatchEvent(new Event('resync'));
    interrupted = false;
  };
  source.onerror = () => {
    interrupted = true;
    // A refused stream is closed for good (the login is over): the next request says so.
    if (source.readyState === EventSource.CONNECTING) setOnline(false);
  };
  source.addEventListener('reset', () => live.dispatchEvent(new Event('resync')));
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => {
      live.dispatchEvent(new CustomEvent(kind, { detail: JSON.parse(event.data) }));
    });
  }
}

export function stopLive() {
  source?.close();
  source = null;
}
