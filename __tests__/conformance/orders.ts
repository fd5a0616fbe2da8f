import { type SimulatedClock, simulatedClock } from '../../local/clock';
import { type Local, startLocal } from '../../local/index';
import type { Hop } from '../../local/timeline';
import { synthesisFolder } from '../synthesis';

/** The order system, running on a simulated clock. */
export interface Orders extends Local {
  readonly clock: SimulatedClock;
  /** Sends an order through the API. */
  send(status: string, key?: string): Promise<{ status: number; body: any }>;
  /** Sends it again, as a client must, until the API has an answer that is not a server error. */
  sendUntilAnswered(status: string, key: string): Promise<{ status: number; body: any }>;
  /** Ids of the orders that are confirmed, one for each confirmation. */
  confirmed(): Promise<string[]>;
  /** Orders counted, by status. */
  counted(): Promise<Record<string, number>>;
  /** Messages in a queue, hidden ones too. */
  depth(queue: string): Promise<number>;
  /** Name of the queue in this environment, with its URL. */
  queueUrl(queue: string): string;
}

export interface OrdersOptions {
  readonly seed?: number;
  /** Folder to run. @default the synthesized application of the dev environment */
  readonly from?: string;
}

/** Name of a resource in the dev environment. */
export const dev = (name: string) => `outbox-dev-${name}`;

/** A message that its consumer has dealt with. */
export const consumed = (queue: string) => (hop: Hop) =>
  hop.service === 'sqs' && hop.operation === 'DeleteMessage' && hop.resource.endsWith(`:${dev(queue)}`);

export async function startOrders({ seed = 1, from = synthesisFolder() }: OrdersOptions = {}): Promise<Orders> {
  const clock = simulatedClock();
  const local = await startLocal({ from, clock, seed });
  const url = `${local.apis[0]!.url}/createId`;
  const scan = async (table: string) => {
    const items: any[] = [];
    let ExclusiveStartKey: unknown;
    do {
      const page = await local.call('dynamodb', 'Scan', { TableName: dev(table), ExclusiveStartKey });
      items.push(...page.Items);
      ExclusiveStartKey = page.LastEvaluatedKey;
    } while (ExclusiveStartKey);
    return items;
  };
  const queueUrl = (queue: string) => `${local.endpoint}/000000000000/${dev(queue)}`;
  const send = async (status: string, key?: string) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...(key && { 'Idempotency-Key': key }) },
      body: JSON.stringify({ Status: status }),
    });
    return { status: response.status, body: await response.json() };
  };
  return {
    ...local,
    clock,
    queueUrl,
    send,
    async sendUntilAnswered(status, key) {
      for (;;) {
        const answer = await send(status, key);
        if (answer.status < 500) return answer;
      }
    },
    confirmed: async () => (await scan('order-confirmations')).map(({ orderId }) => orderId.S),
    async counted() {
      const totals: Record<string, number> = {};
      for (const { status, orders } of await scan('order-statistics')) {
        totals[status.S] = (totals[status.S] ?? 0) + Number(orders.N);
      }
      return totals;
    },
    async depth(queue) {
      const { Attributes } = await local.call('sqs', 'GetQueueAttributes', {
        QueueUrl: queueUrl(queue),
        AttributeNames: ['All'],
      });
      return Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible);
    },
  };
}
