// Shortcuts. A screen registers its own; `?` lists them. Single keys can be switched off (WCAG 2.1.4):
// then they act with Alt, and every action has its button anyway.

import { t } from './words.js';

const storage = 'mailroom.singleKeys';
const layers = [];  // the last one acts
const signs = { ArrowLeft: '←', ArrowRight: '→', ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc' };

export function singleKeysOn() { return localStorage.getItem(storage) !== 'off'; }
export function setSingleKeys(on) { localStorage.setItem(storage, on ? 'on' : 'off'); }

/**
 * Registers shortcuts until the returned function is called. Each is { keys, label, run, inFields?, repeats? }:
 * `keys` as KeyboardEvent.key has them ("j", "Enter", "ArrowLeft", "Shift+R"), `label` a key of the words.
 */
export function registerKeys(shortcuts) {
  layers.push(shortcuts);
  return () => layers.splice(layers.indexOf(shortcuts), 1);
}

export function activeShortcuts() { return layers.flat().filter((shortcut) => shortcut.label); }

/** "J", "Eingabe": how a key is called. */
export function keyName(key) {
  const parts = key.length > 1 ? key.split('+') : [key];
  return parts.map((part) => signs[part] ?? (part.length > 1 ? t(`key.${part.toLowerCase()}`) : part.toUpperCase())).join(' + ');
}

function isTyping(target) {
  return target.matches?.('input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]');
}

function isPressed(event, key) {
  const parts = key.length > 1 ? key.split('+') : [key];
  const last = parts.at(-1);
  if (event.ctrlKey || event.metaKey || event.key.toLowerCase() !== last.toLowerCase()) return false;
  const isSingle = last.length === 1 && !parts.includes('Alt');
  if (event.altKey !== (isSingle ? !singleKeysOn() : parts.includes('Alt'))) return false;
  // Signs may need Shift on some keyboards; letters and named keys tell with and without apart.
  return (isSingle && !/[a-z]/i.test(last)) || event.shiftKey === parts.includes('Shift');
}

/** Enter on a focused button or link is that button's, unless it says otherwise. */
function keepsEnter(target) {
  const button = target.closest?.('button, a, summary');
  return button && button.dataset.passesEnter === undefined;
}

function act(event) {
  if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return;
  const typing = isTyping(event.target);
  for (const shortcuts of [...layers].reverse()) {
    for (const shortcut of shortcuts) {
      if (typing && !shortcut.inFields) continue;
      if (shortcut.keys.some((key) => isPressed(event, key))) {
        if (event.key === 'Enter' && !typing && keepsEnter(event.target)) return;
        // A key held down leafs through pages, but confirms, starts and changes nothing twice.
        if ((event.repeat && !shortcut.repeats) || shortcut.run(event) !== false) event.preventDefault();
        return;
      }
    }
  }
}

document.addEventListener('keydown', act);
