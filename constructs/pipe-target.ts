import type { PipesPipeTargetParameters } from '@cdktf/provider-aws/lib/pipes-pipe';
import type { EventBus } from './event-bus';
import type { ServiceRole } from './service-role';
import type { StateMachine } from './state-machine';

/** What a pipe can deliver to. */
export interface PipeTarget {
  /** ARN of what the pipe delivers to. */
  readonly arn: string;
  /** How it is called, as Terraform's `target_parameters`. */
  readonly parameters: PipesPipeTargetParameters;
  /** Lets the pipe's role deliver. */
  grant(role: ServiceRole): void;
}

/** A bus, which gets each record as an event; `source` and `detail-type` are those that its envelope names. */
export function busTarget(bus: EventBus): PipeTarget {
  return {
    arn: bus.arn,
    parameters: {
      eventbridgeEventBusParameters: { source: '$.metadata.source', detailType: '$.metadata.type' },
    },
    grant: (role) => bus.grantPutEvents(role),
  };
}

/** A Standard state machine, which is started with each batch as its input; the pipe does not wait for the execution. */
export function stateMachineTarget(machine: StateMachine): PipeTarget {
  return {
    arn: machine.arn,
    parameters: { stepFunctionStateMachineParameters: { invocationType: 'FIRE_AND_FORGET' } },
    grant: (role) => machine.grantStart(role),
  };
}
