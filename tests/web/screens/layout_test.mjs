import assert from 'node:assert/strict';
import { test } from 'node:test';
import { screenModule } from './places.mjs';

const { groupsOf, rowsInSight, rowsOf, shownOrder } = await screenModule('batch/layout.js');
const { moveByOne } = await screenModule('batch/edits.js');

/** `count` pages in feed order; roles by index. */
const pagesOf = (count, roles = {}, owners = {}) => Array.from({ length: count }, (_, index) => ({
  id: `p${index}`, role: roles[index] ?? 'content', document: owners[index] ?? '' }));
const ids = (pages) => pages.map((page) => page.id);

test('a separator stands at the beginning of its document, a blank side where it was fed', () => {
  const pages = pagesOf(6, { 0: 'separator', 2: 'blank', 4: 'separator' }, { 1: 'p1', 2: 'p1', 3: 'p1', 5: 'p5' });
  const documents = [{ key: 'p1', pages: ['p1', 'p3'] }, { key: 'p5', pages: ['p5'] }];
  const groups = groupsOf(documents, pages);
  assert.deepEqual(groups.map((group) => ids(group.pages)), [['p0', 'p1', 'p2', 'p3'], ['p4', 'p5']]);
});

test('pages that belong to no document are shown all the same', () => {
  const pages = pagesOf(3, { 0: 'blank', 2: 'separator' });
  assert.deepEqual(ids(shownOrder([{ key: 'p1', pages: ['p1'] }], pages)), ['p0', 'p1', 'p2']);
  assert.deepEqual(ids(shownOrder([], pages)), ['p0', 'p1', 'p2']);
});

test('every page is shown exactly once, in whatever order documents hold them', () => {
  for (let seed = 1; seed < 60; seed += 1) {
    let state = seed;
    const random = (limit) => { state = (state * 48271) % 2147483647; return state % limit; };
    const pages = pagesOf(40);
    const documents = [];
    for (const page of pages) {
      const choice = random(5);
      if (choice === 0 || !documents.length) documents.push({ key: page.id, pages: [page.id] });
      else if (choice < 4) documents[random(documents.length)].pages.splice(random(2), 0, page.id);
      else Object.assign(page, { role: 'blank', document: random(2) ? documents[random(documents.length)].key : '' });
    }
    assert.deepEqual(ids(shownOrder(documents, pages)).sort(), ids(pages).sort(), `seed ${seed}`);
    const shown = rowsOf(documents, pages, 310).rows.flatMap((row) => ids(row.pages ?? []));
    assert.deepEqual(shown, ids(shownOrder(documents, pages)), `seed ${seed}`);
  }
});

test('of a long batch only what is in sight is drawn', () => {
  const pages = pagesOf(500);
  const documents = Array.from({ length: 100 }, (_, index) => ({ key: `p${index * 5}`, pages: ids(pages.slice(index * 5, index * 5 + 5)) }));
  const { rows, height } = rowsOf(documents, pages, 310);
  assert.equal(rows.at(-1).top + rows.at(-1).height, height);
  for (const top of [0, height / 2, height - 600]) {
    const drawn = rowsInSight(rows, top, 600);
    assert.ok(drawn.length < 20);
    assert.ok(drawn[0].top <= top && drawn.at(-1).top + drawn.at(-1).height >= Math.min(top + 600, height));
  }
});

test('a page moves by one place, and not beyond the ends', () => {
  const order = pagesOf(3);
  assert.deepEqual(moveByOne(order, 'p1', -1), { kind: 'move', page: 'p1', before: 'p0' });
  assert.deepEqual(moveByOne(order, 'p1', 1), { kind: 'move', page: 'p1', after: 'p2' });
  assert.equal(moveByOne(order, 'p0', -1), null);
  assert.equal(moveByOne(order, 'p2', 1), null);
  assert.equal(moveByOne(order, 'unknown', 1), null);
});
