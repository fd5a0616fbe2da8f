let virtual = Date.now();
let real = performance.now();

/** @returns the sandbox's time: what the runtime's clock showed last, and the real time passed since */
export function now() {
  return virtual + Math.floor(performance.now() - real);
}

/**
 * Sets the sandbox's time.
 *
 * @param {number} time the runtime's time, in epoch milliseconds
 */
export function setTime(time) {
  virtual = time;
  real = performance.now();
}

/** Makes `Date` follow {@link now}. */
export function patchDate() {
  const RealDate = Date;
  RealDate.now = now;
  globalThis.Date = new Proxy(RealDate, {
    construct: (target, given, newTarget) => Reflect.construct(target, given.length > 0 ? given : [now()], newTarget),
    apply: () => new RealDate(now()).toString(),
  });
  RealDate.prototype.constructor = globalThis.Date;
}
