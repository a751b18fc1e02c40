// How the documents of a batch are laid out as rows of a long list, so that only the rows in sight are
// drawn: 500 pages cost as much as 20. Pure functions.

export const inDocument = ['content', 'attachment', 'note'];
export const tile = { width: 96, aside: 62, height: 148 };
const headHeight = 44;
const gap = 6;

/** Whether a page stands in the PDF; what has not been read yet counts as content. */
export function isContent(page) { return inDocument.includes(page.role ?? 'content'); }

/**
 * Rows of the list: { kind: 'head', document, top, height } or { kind: 'tiles', pages, document, top, height }.
 * `documents` and `pages` are those of the batch view; set-aside pages stand where they were fed.
 */
export function rowsOf(documents, pages, width) {
  const rows = [];
  let top = 0;
  const add = (row, height) => {
    rows.push({ ...row, top, height });
    top += height;
  };
  for (const group of groupsOf(documents, pages)) {
    add({ kind: 'head', document: group.document }, headHeight);
    for (const line of linesOf(group.pages, width - 2 * gap)) {
      add({ kind: 'tiles', document: group.document, pages: line }, tile.height + gap);
    }
  }
  return { rows, height: top };
}

function linesOf(pages, width) {
  const lines = [];
  let left = 0;
  for (const page of pages) {
    const needed = (isContent(page) ? tile.width : tile.aside) + gap;
    if (!lines.length || needed > left + gap) {
      lines.push([]);
      left = width;
    }
    lines.at(-1).push(page);
    left -= needed;
  }
  return lines;
}

/**
 * The pages of each document in the document's order. What is set aside stands behind the page it was
 * fed after; what was fed before a document and belongs to none (its separator) stands at its beginning.
 */
export function groupsOf(documents, pages) {
  const byId = new Map(pages.map((page) => [page.id, page]));
  const fed = new Map(pages.map((page, index) => [page.id, index]));
  const keys = new Set(documents.map((document) => document.key));
  const inside = new Set(documents.flatMap((document) => document.pages));
  const outside = pages.filter((page) => !inside.has(page.id));
  const loose = outside.filter((page) => !keys.has(page.document));
  const groups = [];
  for (const document of documents) {
    const own = document.pages.map((id) => byId.get(id)).filter(Boolean);
    const first = Math.min(...own.map((page) => fed.get(page.id)));
    const before = loose.filter((page) => fed.get(page.id) < first);
    loose.splice(0, before.length);
    const aside = outside.filter((page) => page.document === document.key);
    groups.push({ document, pages: [...before, ...withAside(own, aside, fed)] });
  }
  if (loose.length) groups.push({ document: null, pages: loose });
  return groups;
}

function withAside(own, aside, fed) {
  const result = [...own];
  for (const page of aside) {
    const behind = result.findLastIndex((other) => fed.get(other.id) < fed.get(page.id));
    result.splice(behind + 1, 0, page);
  }
  return result;
}

/** All pages in the order they are shown. */
export function shownOrder(documents, pages) { return groupsOf(documents, pages).flatMap((group) => group.pages); }

/** The rows that a viewport shows, with some before and after. */
export function rowsInSight(rows, top, height, margin = 500) {
  return rows.filter((row) => row.top + row.height > top - margin && row.top < top + height + margin);
}
