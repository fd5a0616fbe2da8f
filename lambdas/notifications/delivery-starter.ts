import { createHash } from 'node:crypto';
import { ExecutionAlreadyExists, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';

/** One try to send a message. Its number fences: an execution may write only while the message counts as many. */
export interface Delivery {
  /** Id of the message. */
  readonly id: string;
  /** Counts the deliveries of the message, from 1. */
  readonly delivery: number;
  /**
   * Sequence number of the insert that it is the first delivery of: an id that is put again after its item was deleted is
   * another message.
   */
  readonly insert?: string;
}

/** @returns `duplicate` if there is, or was within 90 days, an execution for the delivery */
export type Start = (delivery: Delivery) => Promise<'started' | 'duplicate'>;

/** Which state machine delivers. */
export interface DeliveryStarterOptions {
  /** Starts the executions. */
  readonly client: Pick<SFNClient, 'send'>;
  /** A Standard one, which runs an execution of one name once. */
  readonly stateMachineArn: string;
}

/** The execution of a delivery, the same whenever and by whomever it is started; ids may be longer than names. */
export function executionName({ id, delivery, insert = '' }: Delivery): string {
  return `${createHash('sha256')
    .update(JSON.stringify([id, insert]))
    .digest('hex')}-${delivery}`;
}

/** Starts executions of the state machine that delivers messages. */
export function deliveryStarter({ client, stateMachineArn }: DeliveryStarterOptions): Start {
  return async (one) => {
    const { id, delivery } = one;
    const name = executionName(one);
    try {
      await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify({ id, delivery }) }));
      return 'started';
    } catch (error) {
      if (error instanceof ExecutionAlreadyExists) return 'duplicate';
      throw error;
    }
  };
}
