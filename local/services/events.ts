import type { Runtime } from '../runtime';
import { type Service, jsonErrors } from '../service';
import { Buses } from './events/buses';
import { deliverer } from './events/delivery';
import { operations } from './events/operations';
import { putEvents } from './events/put-events';
import { replayOperations } from './events/replay-operations';
import { resources } from './events/resources';

/**
 * Amazon EventBridge: event buses with their rules, targets, archives and replays.
 *
 * The bus keeps no order and delivers at least once; the rest is as the target's retry policy and dead-letter queue say.
 */
export function events(runtime: Runtime): Service {
  const buses = new Buses(runtime);
  const deliver = deliverer(runtime);
  return {
    name: 'events',
    operations: {
      PutEvents: putEvents(runtime, buses, deliver),
      ...operations(runtime, buses),
      ...replayOperations(runtime, buses, deliver),
    },
    resources: resources(runtime, buses),
    errors: { ...jsonErrors, internal: { code: 'InternalException', status: 500 } },
  };
}
