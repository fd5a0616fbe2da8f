import type { Hop } from '../timeline';
import { type Step, oneLine, unmatched } from './step';

const taken = (hop: Hop) => hop.service === 'sqs' && hop.operation === 'DeleteMessage';
const responded = (hop: Hop) => hop.service === 'execute-api' && hop.operation === 'response';

function order(key: string, body: string, wanted: number): Pick<Step, 'input' | 'act'> {
  return {
    input: body,
    async act({ apis }) {
      const response = await fetch(`${apis[0]!.url}/createId`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
        body,
      });
      const answer = `${response.status} ${oneLine(await response.text())}`;
      if (response.status !== wanted) throw new Error(`${answer}, expected status ${wanted}`);
      return answer;
    },
  };
}

/** Orders sent to the API. */
export const orders: readonly Step[] = [
  {
    title: 'A created order reaches both effects',
    ...order('order-1', '{"Status": "CREATED"}', 200),
    end: { what: 'both consumers take it off their queues', hops: [{ matches: taken, count: 2 }] },
    // Marker and order, then inbox record and effect of each consumer.
    writes: 6,
  },
  {
    title: 'The same order again changes nothing',
    ...order('order-1', '{"Status": "CREATED"}', 200),
    end: { what: 'it is answered like the first', hops: [{ matches: responded }] },
    writes: 0,
  },
  {
    title: 'An order that is not valid is refused',
    ...order('order-2', '{"Status": "created", "extra": 1}', 400),
    end: { what: 'nothing is written', hops: [{ matches: responded }] },
    writes: 0,
  },
  {
    title: 'An order that no rule wants ends on the bus',
    ...order('order-3', '{"Status": "SHIPPED"}', 200),
    end: { what: 'no rule matches', hops: [{ matches: unmatched }] },
    writes: 2,
  },
];
