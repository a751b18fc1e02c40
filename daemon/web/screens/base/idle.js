// Locks the screen when nobody touches it for so long that somebody else may sit down.

const signs = ['keydown', 'pointerdown', 'pointermove', 'wheel'];

/** Calls `lock` once nothing was touched for `seconds`; until the returned function is called. */
export function lockWhenIdle(seconds, lock) {
  let touched = Date.now();
  const touch = () => { touched = Date.now(); };
  const watch = setInterval(() => {
    if (Date.now() - touched < seconds * 1000) return;
    touch();
    lock();
  }, 1000);
  for (const sign of signs) document.addEventListener(sign, touch, { passive: true, capture: true });
  return () => {
    clearInterval(watch);
    for (const sign of signs) document.removeEventListener(sign, touch, { capture: true });
  };
}
