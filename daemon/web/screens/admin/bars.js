// A bar chart with its numbers as text for those who do not see it.

import { html, svg } from '../lib/lit.js';
import { number } from '../base/words.js';

const height = 90;

/** `values`: list of { name, value }. */
export function bars(values, label) {
  const most = Math.max(1, ...values.map(({ value }) => value));
  const step = Math.min(60, 600 / Math.max(1, values.length));
  return html`<svg class="mr-bars" viewBox="0 0 600 ${height + 20}" preserveAspectRatio="xMinYMid" role="img" aria-label=${`${label}: ${values.map(({ name, value }) => `${name} ${number(value)}`).join(', ')}`}>
    ${values.map(({ name, value }, index) => {
      const size = (value / most) * (height - 14);
      return svg`<rect x=${index * step + 2} y=${height - size} width=${Math.max(2, step - 4)} height=${size}></rect>
        ${value ? svg`<text x=${index * step + step / 2} y=${height - size - 3}>${number(value)}</text>` : ''}
        ${index % Math.ceil(values.length / 12) === 0 ? svg`<text x=${index * step + step / 2} y=${height + 14}>${name}</text>` : ''}`;
    })}
    <line x1="0" y1=${height} x2="600" y2=${height}></line></svg>`;
}
