// Reads the screen aloud, with the words and choices that stand on it, numbered as they are.
import * as daemon from './daemon.js';
import { code } from './words.js';

let playing = null;

function spoken(root) {
  const parts = [];
  let choice = 0;
  for (const element of root.querySelectorAll('h1, h2, p, li, dt, dd, label, button, [data-speak]')) {
    if (!element.checkVisibility() || element.closest('.mr-keyboard') || element.closest('[aria-hidden=true]')) continue;
    const text = (element.getAttribute('aria-label') ?? element.innerText).trim();
    if (!text || (element.tagName === 'P' && element.closest('button'))) continue;
    parts.push(element.tagName === 'BUTTON' ? `${++choice}: ${text}.` : `${text}.`);
  }
  return parts.join('\n').slice(0, 3900);
}

export async function speak(root) {
  silence();
  const text = spoken(root);
  if (!text) return;
  const address = await daemon.blob('/visit/speech', { text, language: code() });
  playing = new Audio(address);
  await playing.play().catch(() => null);  // no headphones is no fault
}

export function silence() {
  playing?.pause();
  playing = null;
}

/** Two soft tones: the time is nearly over. */
export function warn() {
  const context = new AudioContext();
  for (const [start, pitch] of [[0, 660], [0.25, 520]]) {
    const tone = context.createOscillator();
    const volume = context.createGain();
    tone.frequency.value = pitch;
    volume.gain.value = 0.15;
    tone.connect(volume).connect(context.destination);
    tone.start(context.currentTime + start);
    tone.stop(context.currentTime + start + 0.2);
  }
}
