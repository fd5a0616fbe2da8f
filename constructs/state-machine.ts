import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SfnStateMachine } from '@cdktf/provider-aws/lib/sfn-state-machine';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { alarm } from './alarms';
import type { AlarmTopic } from './alarm-topic';
import type { EncryptionKey } from './encryption-key';
import { actions } from './grants';
import { literal } from './literal';
import { LogGroup } from './log-group';
import { ServiceRole } from './service-role';

/** What a state machine runs, and what is logged of it. */
export interface StateMachineProps {
  /** Name of the state machine, without project and environment. */
  readonly name: string;
  /** File of the definition (Amazon States Language, with `TimeoutSeconds`), from the project's root. */
  readonly definition: string;
  /** What stands for each `${name}` in the definition. */
  readonly values: Readonly<Record<string, string>>;
  /** What is logged of executions: their errors or each of their events, never their data. @default ERROR */
  readonly logLevel?: 'ERROR' | 'ALL';
  /** Encrypts the log group. */
  readonly encryptionKey: EncryptionKey;
  /** Told when executions run out of time. */
  readonly alarmTopic: AlarmTopic;
}

/** A Standard state machine: traced, its errors or all of its events logged without the data of executions. */
export class StateMachine extends Construct {
  /** ARN of the state machine, unqualified. */
  readonly arn: string;
  /** What executions run as; grants go to it. */
  readonly role: ServiceRole;
  /** The longest an execution may take, in seconds. */
  readonly timeout: number;

  constructor(scope: Construct, id: string, props: StateMachineProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const { encryptionKey, alarmTopic } = props;
    const name = stack.nameOf(props.name);
    const { text, timeout } = definitionOf(props);
    const logs = new LogGroup(this, 'logs', { prefix: '/aws/vendedlogs/states', name: props.name, encryptionKey });
    const delivery = logs.grantDelivery();
    this.role = new ServiceRole(this, 'role', {
      name: props.name,
      service: 'states.amazonaws.com',
      sourceArn: stack.arnOf('states', `stateMachine:${name}`),
    });
    this.role.allow({ Sid: 'DeliverLogs', Action: actions.logGroup.deliver, Resource: '*' });
    this.role.allow({ Sid: 'Trace', Action: [...actions.xray.write, ...actions.xray.sample], Resource: '*' });

    const machine = new SfnStateMachine(this, 'machine', {
      name,
      roleArn: this.role.arn,
      definition: text,
      loggingConfiguration: {
        level: props.logLevel ?? 'ERROR',
        includeExecutionData: false,
        logDestination: `${logs.arn}:*`,
      },
      tracingConfiguration: { enabled: true },
      dependsOn: [this.role.policy, delivery],
    });
    this.arn = machine.arn;
    this.timeout = timeout;
    alarm(this, 'timedOutExecutions', props.name, { StateMachineArn: machine.arn }, alarmTopic);
  }

  /** Lets a role start executions. */
  grantStart(role: ServiceRole): void {
    role.allow({ Sid: 'StartExecutions', Action: actions.stateMachine.start, Resource: this.arn });
  }
}

/** The definition with its values, all else kept from Terraform. @throws Error if names and values do not match */
function definitionOf({ definition, values }: StateMachineProps): { text: string; timeout: number } {
  const source = JSON.parse(readFileSync(join(__dirname, '..', definition), 'utf8')) as { TimeoutSeconds: number };
  const unused = new Set(Object.keys(values));
  const value = (name: string) => {
    if (!(name in values)) throw new Error(`${definition} names ${name}, for which there is no value`);
    unused.delete(name);
    return values[name];
  };
  // Split by a pattern with a group, every second part is a name.
  const parts = JSON.stringify(source).split(/\$\{(\w+)\}/);
  const text = parts.map((part, index) => (index % 2 ? value(part) : literal(part))).join('');
  if (unused.size) throw new Error(`${definition} does not name ${[...unused].join(', ')}`);
  return { text, timeout: source.TimeoutSeconds };
}
