// Edits of one batch, in the order they were made: while one request is under way the next ones
// collect, so that fast typing costs few requests and no edit overtakes another.

import { DaemonError, post } from '../base/daemon.js';

export class EditQueue {
  /** `changed(view)` gets each new view; `refused(error, edits)` what the daemon did not take. */
  constructor(batch, changed, refused) {
    Object.assign(this, { batch, changed, refused, version: 0, waiting: [], busy: null });
  }

  get isBusy() { return this.busy !== null; }

  /** Resolves once everything that waits has been answered. */
  add(...edits) {
    this.waiting.push(...edits);
    this.busy ??= this.work();
    return this.busy;
  }

  async undo() {
    await this.busy;
    await this.send('undo', {}, []);
  }

  async work() {
    while (this.waiting.length) {
      const edits = this.waiting.splice(0);
      if (!await this.send('edits', { edits }, edits)) this.waiting = [];
    }
    this.busy = null;
  }

  async send(path, body, edits) {
    try {
      const view = await post(`/batches/${this.batch}/${path}`, { version: this.version, ...body });
      this.version = view.version;
      this.changed(view);
      return true;
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error;
      this.refused(error, edits);
      return false;
    }
  }
}

/** The edit that puts `page` one place earlier or later in the order shown; null at the ends. */
export function moveByOne(order, page, direction) {
  const at = order.findIndex((other) => other.id === page);
  const neighbour = order[at + direction];
  if (at < 0 || !neighbour) return null;
  return direction < 0 ? { kind: 'move', page, before: neighbour.id } : { kind: 'move', page, after: neighbour.id };
}
