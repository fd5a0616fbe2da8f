import type { ServerResponse } from 'node:http';
import type { Hop, Timeline } from '../timeline';
import type { WireHop } from './wire';

/** Hops that a page is sent at most: what it missed beyond them it is only told the number of. */
const ringSize = 5000;

/** Hops in one message. */
const batchSize = 250;

/**
 * Sends hops as server-sent events until the connection closes: those that are there, then each new one. What comes in one
 * turn goes out as one message; while the page does not read, nothing is queued for it.
 *
 * - `hops`: an array of hops; its id is the run and the last hop's id
 * - `gap`: how many hops are left out
 * - `restart`: the page is of another run, and must be loaded again
 *
 * @returns ends the stream with `restart`
 * @param run stands for this run of the runtime
 * @param last the last id that the page has (`Last-Event-ID`); empty for none
 */
export function feed(
  response: ServerResponse,
  timeline: Timeline,
  { run, last, wire }: { readonly run: string; readonly last: string; readonly wire: (hop: Hop) => WireHop },
): () => void {
  const end = () => void response.end('event: restart\ndata: {}\n\n');
  const [lastRun, lastId] = last.split(':');
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
  response.write(`retry: 1000\nevent: hello\ndata: ${JSON.stringify({ run })}\n\n`);
  const isKnown =
    last === '' || (lastRun === run && /^\d{1,15}$/.test(lastId ?? '') && Number(lastId) <= newest(timeline));
  if (!isKnown) {
    end();
    return end;
  }
  let sent = Number(lastId ?? 0);
  let isScheduled = false;
  const flush = () => {
    isScheduled = false;
    while (!response.writableNeedDrain && !response.writableEnded && !response.destroyed) {
      const hops = timeline.after(sent, ringSize).slice(0, batchSize);
      if (hops.length === 0) return;
      const missed = hops[0]!.id - sent - 1;
      if (missed > 0) response.write(`event: gap\ndata: ${JSON.stringify({ missed })}\n\n`);
      sent = hops.at(-1)!.id;
      response.write(`id: ${run}:${sent}\nevent: hops\ndata: ${JSON.stringify(hops.map(wire))}\n\n`);
    }
  };
  const schedule = () => {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(flush);
  };
  const unsubscribe = timeline.subscribe(schedule);
  response.on('drain', flush);
  response.on('close', unsubscribe);
  flush();
  return end;
}

const newest = ({ hops }: Timeline) => hops.at(-1)?.id ?? 0;
