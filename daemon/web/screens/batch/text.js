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
