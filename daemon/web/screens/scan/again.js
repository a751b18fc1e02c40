// A batch that is done again: what was known about it waits here for the screen that scans.

let order = null;

/** Of a batch that was discarded: its date, way, priority, number of sheets and profile hold for the paper still. */
export function scanAgain({ station, profile, received, channel, priority, declared }) {
  order = { station, profile, received, channel, priority, declared: declared === null ? '' : String(declared) };
}

/** The order that waits, once. */
export function takeOrder() {
  const taken = order;
  order = null;
  return taken;
}
