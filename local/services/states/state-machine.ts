import type { Definition } from './definition';
import type { Logging } from './log';
import type { Integration } from './tasks';

/** A state machine. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  /** The document as it was given. */
  readonly text: string;
  readonly definition: Definition;
  /** By the `Resource` of tasks. */
  readonly integrations: ReadonlyMap<string, Integration>;
  readonly logging: Logging;
  readonly isTraced: boolean;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly created: number;
}
