import type { Runtime } from '../runtime';
import { type Service, jsonErrors } from '../service';
import { Buses } from './events/buses';
import { operations } from './events/operations';
import { putEvents } from './events/put-events';
import { resources } from './events/resources';

/**
 * Amazon EventBridge: event buses with their rules, targets and archives.
 *
 * The bus keeps no order and delivers at least once; the rest is as the target's retry policy and dead-letter queue say.
 */
export function events(runtime: Runtime): Service {
  const buses = new Buses(runtime);
  return {
    name: 'events',
    operations: { PutEvents: putEvents(runtime, buses), ...operations(runtime, buses) },
    resources: resources(runtime, buses),
    errors: { ...jsonErrors, internal: { code: 'InternalException', status: 500 } },
  };
}
