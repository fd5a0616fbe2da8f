import { z } from 'zod';
import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Operation } from '../../service';
import type { Buses } from './buses';
import type { Deliver } from './delivery';
import { page, pageOf } from './page';
import { type Replay, replayStates } from './replay';
import { Replays } from './replays';
import { archiveArn, replayName, startReplay } from './start-replay';

const nameInput = z.object({ ReplayName: replayName });
const listInput = z.object({
  NamePrefix: replayName.optional(),
  State: z.enum(replayStates).optional(),
  EventSourceArn: archiveArn.optional(),
  ...page,
});

function shown({ order, state, startedAt, endedAt, lastEvent }: Replay) {
  return {
    ReplayName: order.name,
    EventSourceArn: order.archive.settings.arn,
    State: state,
    EventStartTime: order.from / 1000,
    EventEndTime: order.to / 1000,
    ...(lastEvent !== undefined && { EventLastReplayedTime: lastEvent / 1000 }),
    ReplayStartTime: startedAt / 1000,
    ...(endedAt !== undefined && { ReplayEndTime: endedAt / 1000 }),
  };
}

function cancelReplay(runtime: Runtime, replays: Replays): Operation<z.output<typeof nameInput>> {
  return {
    input: nameInput,
    permissions: ({ ReplayName }) => [
      { action: 'events:CancelReplay', resource: runtime.arn('events', `replay/${ReplayName}`) },
    ],
    run({ ReplayName }, call) {
      const replay = replays.get(ReplayName);
      if (replay.state !== 'STARTING' && replay.state !== 'RUNNING') {
        throw new AwsError(
          'IllegalStatusException',
          `Replay ${ReplayName} is not in a valid state for this operation.`,
        );
      }
      const { archive, arn: ReplayArn, hop } = replay.order;
      call.record({
        resource: archive.settings.arn,
        parents: [...call.parents, hop],
        summary: `${ReplayName} cancelled`,
      });
      replay.cancel();
      return { ReplayArn, State: replay.state };
    },
  };
}

function describeReplay(runtime: Runtime, replays: Replays): Operation<z.output<typeof nameInput>> {
  return {
    input: nameInput,
    permissions: ({ ReplayName }) => [
      { action: 'events:DescribeReplay', resource: runtime.arn('events', `replay/${ReplayName}`) },
    ],
    run({ ReplayName }) {
      const replay = replays.get(ReplayName);
      const { arn: ReplayArn, description, bus, rules } = replay.order;
      return {
        ...shown(replay),
        ReplayArn,
        ...(description !== undefined && { Description: description }),
        Destination: { Arn: bus.arn, ...(rules && { FilterArns: rules }) },
      };
    },
  };
}

function listReplays(replays: Replays): Operation<z.output<typeof listInput>> {
  return {
    input: listInput,
    permissions: () => [{ action: 'events:ListReplays', resource: '*' }],
    run({ NamePrefix: prefix, State: state, EventSourceArn: source, ...request }) {
      if ([prefix, state, source].filter((filter) => filter !== undefined).length > 1) {
        throw new AwsError(
          'ValidationException',
          'At most one filter is allowed for ListReplays. Use either : State, EventSourceArn, or NamePrefix.',
        );
      }
      const found = replays.all.filter(
        (replay) =>
          replay.order.name.startsWith(prefix ?? '') &&
          (state ?? replay.state) === replay.state &&
          (source ?? replay.order.archive.settings.arn) === replay.order.archive.settings.arn,
      );
      const { items, more } = pageOf(found, request);
      return { Replays: items.map((replay) => shown(replay)), ...more };
    },
  };
}

/** StartReplay, DescribeReplay, ListReplays and CancelReplay. */
export function replayOperations(runtime: Runtime, buses: Buses, deliver: Deliver): Record<string, Operation> {
  const replays = new Replays(runtime, deliver);
  return {
    StartReplay: startReplay(runtime, buses, replays),
    DescribeReplay: describeReplay(runtime, replays),
    ListReplays: listReplays(replays),
    CancelReplay: cancelReplay(runtime, replays),
  };
}
