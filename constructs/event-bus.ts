import { CloudwatchEventArchive } from '@cdktf/provider-aws/lib/cloudwatch-event-archive';
import { CloudwatchEventBus } from '@cdktf/provider-aws/lib/cloudwatch-event-bus';
import { Construct } from 'constructs';
import { BaseStack } from '../stacks/base-stack';
import { actions } from './grants';
import type { ServiceRole } from './service-role';

/** How a bus is named, and how long it remembers. */
export interface EventBusProps {
  /** Name of the bus, without project and environment. */
  readonly name: string;
  /** How long the archive keeps every event for replay, in days. */
  readonly archiveDays: number;
}

/** An event bus that archives all that passes. It keeps AWS's own key: see docs/decisions/0005. */
export class EventBus extends Construct {
  /** Name of the bus, project and environment included. */
  readonly name: string;
  /** ARN of the bus. */
  readonly arn: string;

  constructor(scope: Construct, id: string, props: EventBusProps) {
    super(scope, id);
    const stack = BaseStack.of(this);
    const lifecycle = { preventDestroy: stack.settings.removalProtection };
    const bus = new CloudwatchEventBus(this, 'bus', { name: stack.nameOf(props.name), lifecycle });
    new CloudwatchEventArchive(this, 'archive', {
      name: stack.nameOf(props.name),
      eventSourceArn: bus.arn,
      retentionDays: props.archiveDays,
      lifecycle,
    });
    this.name = bus.name;
    this.arn = bus.arn;
  }

  /** Lets a role publish events. */
  grantPutEvents(role: ServiceRole): void {
    role.allow({ Sid: 'PutEvents', Action: actions.bus.putEvents, Resource: this.arn });
  }
}
