// Live events of the daemon (server-sent events). The browser resumes with the last event's id by
// itself; "resync" tells the screens to read anew what they may have missed.

import { get, setOnline } from './daemon.js';

const pause = 2000;  // milliseconds before a stream that was refused is asked for again
const kinds = ['page', 'batch', 'clarifications', 'lease', 'scanner', 'panel', 'kiosk'];
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
    if (source.readyState === EventSource.CONNECTING) setOnline(false);
    else askAgain(source);
  };
  source.addEventListener('reset', () => live.dispatchEvent(new Event('resync')));
  for (const kind of kinds) {
    source.addEventListener(kind, (event) => {
      live.dispatchEvent(new CustomEvent(kind, { detail: JSON.parse(event.data) }));
    });
  }
}

/** A refused stream is closed for good. A request finds out why, and waits while somebody logs in or unlocks. */
async function askAgain(refused) {
  await new Promise((resolve) => setTimeout(resolve, pause));
  await get('/terms').catch(() => {});
  if (source === refused) startLive();
}

export function stopLive() {
  source?.close();
  source = null;
}
