// What to do after a fault, drawn: a scanner from the side, with the paper where it is.

import { svg } from '../lib/lit.js';
import { t } from '../base/words.js';
import { html } from '../base/screen.js';

const scanner = svg`<path class="body" d="M60 90h150l24 50v30H40v-30z"/><path class="body" d="M84 90l26-58h96l-22 58"/>
  <path class="line" d="M40 170h194"/>`;
const stack = svg`<path class="paper" d="M118 34l64 0-14 44-64 0z"/><path class="line" d="M112 46h62M109 56h62"/>`;
const arrow = (path) => svg`<path class="arrow" d=${path} marker-end="url(#head)"/>`;

const drawings = {
  jam: svg`${scanner}<path class="paper warn" d="M108 84l14 18 12-14 12 20 14-22 14 16 6-16z"/>${arrow('M150 100 C 190 60 230 50 262 62')}`,
  double_feed: svg`${scanner}${stack}<path class="paper warn" d="M104 78h62l-8 22h-62z"/><path class="paper warn" d="M112 86h62l-8 22h-62z"/>${arrow('M88 64 C 66 50 60 40 66 24')}`,
  cover: svg`<path class="body" d="M60 110h150l24 30v30H40v-30z"/><path class="body warn" d="M66 106L30 40l14-6 44 66z"/>${arrow('M40 22 C 90 20 120 50 112 92')}`,
  empty: svg`${scanner}<path class="paper ghost" d="M118 34h64l-14 44h-64z"/>${arrow('M236 24 C 216 18 200 30 186 44')}`,
  lost: svg`${scanner}<path class="line warn" d="M234 150h30"/><path class="line warn" d="M272 138l16 24M288 138l-16 24"/>`,
  restart: svg`${scanner}${stack}<path class="paper warn" d="M232 150h46v8h-46z"/>${arrow('M258 140 C 262 80 230 30 190 34')}`,
  other: svg`${scanner}${stack}`,
};

/** The drawing of this name, or the plain scanner. */
export function pictureOf(name) { return drawings[name] ? name : 'other'; }

export function picture(name) {
  return html`<svg class="mr-picture" viewBox="0 0 300 180" role="img" aria-label=${t(`picture.${name}`)}>
    <defs><marker id="head" viewBox="0 0 10 10" refX="7" refY="5" markerWidth="7" markerHeight="7" orient="auto">
      <path class="head" d="M0 0l10 5-10 5z"/></marker></defs>${drawings[name]}</svg>`;
}
