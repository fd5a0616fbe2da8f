import { afterRealTime } from '../../real-time';
import type { Hop } from '../../timeline';
import type { Model } from '../model';

/** Real milliseconds that the page waits for a redrive or a replay to end: some thousand messages take as long. */
export const patience = 10_000;

/** Waits for the next hop that matches; undefined if that takes longer than the page waits. Cancel it in any case. */
export function nextHop({ timeline }: Model['local'], matches: (hop: Hop) => boolean) {
  let cancel = () => {};
  const hop = new Promise<Hop | undefined>((resolve) => {
    const stopWaiting = afterRealTime(patience, () => resolve(undefined));
    const stopListening = timeline.subscribe((one) => {
      if (matches(one)) resolve(one);
    });
    cancel = () => {
      stopWaiting();
      stopListening();
    };
  });
  return { hop, cancel: () => cancel() };
}
