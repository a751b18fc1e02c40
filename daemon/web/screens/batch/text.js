// From a place on the page to the words that stand there. Boxes are [x, y, width, height] in pixels of
// the page as it is shown. Pure functions.

/** The words whose middle lies in `box`, in reading order, as one text. */
export function textIn(words, [x, y, width, height]) {
  const inside = words.filter(({ box }) => {
    const middle = [box[0] + box[2] / 2, box[1] + box[3] / 2];
    return middle[0] >= x && middle[0] <= x + width && middle[1] >= y && middle[1] <= y + height;
  });
  return inside.map((word) => word.text).join(' ');
}

export function wordAt(words, [x, y]) {
  return words.find(({ box }) => x >= box[0] && x <= box[0] + box[2] && y >= box[1] && y <= box[1] + box[3]);
}

/** The box that two points span, in whole pixels. */
export function boxBetween(from, to) {
  return [Math.min(from[0], to[0]), Math.min(from[1], to[1]), Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])].map(Math.round);
}

/** Where `value` stands among the words as they were read, or null: dates and amounts also as they are written. */
export function boxOfValue(words, value) {
  for (const written of waysToWrite(value)) {
    const box = boxOfRun(words, bare(written));
    if (box) return box;
  }
  return null;
}

const bare = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

function waysToWrite(value) {
  const date = value.match(/^(\d{4})-(\d{2})-(\d{2})$/);
  if (date) return [value, `${date[3]}.${date[2]}.${date[1]}`, `${Number(date[3])}.${Number(date[2])}.${date[1]}`, `${date[3]}.${date[2]}.${date[1].slice(2)}`];
  return [value];
}

/** The box round the first words in a row that are `wanted` when put together. */
function boxOfRun(words, wanted) {
  if (!wanted) return null;
  for (let start = 0; start < words.length; start += 1) {
    let text = '';
    for (let end = start; end < words.length && text.length < wanted.length; end += 1) {
      text += bare(words[end].text);
      if (!wanted.startsWith(text)) break;
      if (text === wanted) return boxRound(words.slice(start, end + 1));
    }
  }
  return null;
}

function boxRound(words) {
  const edges = words.map(({ box: [x, y, width, height] }) => [x, y, x + width, y + height]);
  const at = (index, choose) => choose(...edges.map((edge) => edge[index]));
  const [left, top] = [at(0, Math.min), at(1, Math.min)];
  return [left, top, at(2, Math.max) - left, at(3, Math.max) - top];
}
