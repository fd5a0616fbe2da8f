import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import type { Archive } from './archive';
import type { Bus, Buses } from './buses';
import type { Replays } from './replays';
import { rulesOf } from './route';

/** Name of a replay, within the limits of the service model of EventBridge, as all here. */
export const replayName = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w.-]+$/, 'may have letters, digits, dots, hyphens and underscores only');

const arn = z.string().min(1).max(1600);

/** ARN of an archive. */
export const archiveArn = arn.regex(
  /^arn:aws[a-z-]*:events:[a-z\d-]*:(\d{12})?:.+\/.+$/,
  'must be the ARN of an archive',
);

const aTime = 'must be a time: seconds since the epoch, or a date';

/** Milliseconds when it is read. */
const time = z
  .union(
    [z.number().transform((seconds) => Math.round(seconds * 1000)), z.date().transform((date) => date.getTime())],
    aTime,
  )
  .refine((ms) => !Number.isNaN(new Date(ms).getTime()), aTime);

const startInput = z.object({
  ReplayName: replayName,
  Description: z.string().max(512).optional(),
  EventSourceArn: archiveArn,
  EventStartTime: time,
  EventEndTime: time,
  Destination: z.object({ Arn: arn, FilterArns: z.array(arn).optional() }),
});

type StartInput = z.output<typeof startInput>;

function invalid(parameter: string, reason: string): AwsError {
  return new AwsError('ValidationException', `Parameter ${parameter} is not valid. Reason: ${reason}`);
}

/** @throws AwsError as AWS answers what cannot be replayed */
function checked(buses: Buses, request: StartInput): { readonly archive: Archive; readonly bus: Bus } {
  const { EventSourceArn: source, Destination: destination } = request;
  if (!/^arn:[^:]+:events:[^:]+:\d{12}:event-bus\//.test(destination.Arn)) {
    throw invalid('Destination.Arn', 'Must contain an event bus ARN.');
  }
  if (request.EventEndTime <= request.EventStartTime) {
    throw invalid('EventEndTime', 'EventStartTime must be before EventEndTime.');
  }
  const archive = [...buses.archives.values()].find(({ settings }) => settings.arn === source);
  if (!archive) {
    throw invalid('EventSourceArn', `Archive ${source.slice(source.lastIndexOf('/') + 1)} does not exist.`);
  }
  const bus = buses.find(destination.Arn);
  if (!bus) {
    const busName = destination.Arn.slice(destination.Arn.indexOf('/') + 1);
    throw new AwsError('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
  }
  if (bus.arn !== archive.settings.source) {
    throw invalid('Destination.Arn', 'Cross event bus replay is not permitted.');
  }
  const rules = new Set([...bus.rules.values()].map((rule) => rule.arn));
  const unknown = destination.FilterArns?.find((filter) => !rules.has(filter));
  if (unknown !== undefined) throw invalid('Destination.FilterArns', `${unknown} is no rule of event bus ${bus.name}.`);
  return { archive, bus };
}

/**
 * StartReplay, which needs to be allowed for the archive, the bus and the replay.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridge.html
 */
export function startReplay(runtime: Runtime, buses: Buses, replays: Replays): Operation<StartInput> {
  return {
    input: startInput,
    permissions: ({ ReplayName, EventSourceArn, Destination }) =>
      [EventSourceArn, Destination.Arn, runtime.arn('events', `replay/${ReplayName}`)].map((resource) => ({
        action: 'events:StartReplay',
        resource,
      })),
    run(request, call) {
      const { archive, bus } = checked(buses, request);
      replays.check(request.ReplayName);
      const { ReplayName, EventStartTime: from, EventEndTime: to, Destination } = request;
      const rules = Destination.FilterArns?.length ? Destination.FilterArns : undefined;
      const range = `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`;
      const { order, state, startedAt } = replays.start({
        name: ReplayName,
        arn: runtime.arn('events', `replay/${ReplayName}`),
        description: request.Description,
        archive,
        bus,
        rules,
        from,
        to,
        hop: call.record({
          resource: archive.settings.arn,
          summary: `${ReplayName}: ${archive.settings.name}, ${range}, to ${rules ? rulesOf(rules.length) : 'all rules'}`,
        }),
      });
      return { ReplayArn: order.arn, State: state, ReplayStartTime: startedAt / 1000 };
    },
  };
}
