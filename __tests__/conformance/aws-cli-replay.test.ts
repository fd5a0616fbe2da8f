import { type SimulatedClock, simulatedClock } from '../../local/clock';
import { type Gateway, startGateway } from '../../local/gateway';
import { seededRandom } from '../../local/random';
import { Runtime } from '../../local/runtime';
import { registerServices } from '../../local/services';
import { runUntil } from '../../local/simulation';
import { makerOf } from './make-resource';
import { awsJson, describeCli } from './stock-cli';

const region = 'eu-central-1';
const arn = (suffix: string) => `arn:aws:events:${region}:000000000000:${suffix}`;
const rule = arn('rule/shop/users');

describeCli('the stock AWS CLI with an archive', () => {
  let clock: SimulatedClock;
  let runtime: Runtime;
  let gateway: Gateway;

  const json = async (...args: (string | string[])[]) =>
    awsJson({ endpoint: gateway.endpoint, region }, ['events', ...args.flat()]);
  const startReplay = async (name: string, from: string, to: string, filter = '') =>
    json(
      ['start-replay', '--replay-name', name, '--event-source-arn', arn('archive/kept')],
      ['--event-start-time', from, '--event-end-time', to],
      ['--destination', `Arn=${arn('event-bus/shop')}${filter}`],
    );
  const ended = async (name: string) => {
    const isEnd = () =>
      runtime.timeline.hops.some(
        ({ operation, summary }) => operation === 'replay-end' && summary.startsWith(`${name} `),
      );
    expect(await runUntil(runtime, clock, isEnd)).toBe(true);
  };

  beforeAll(async () => {
    clock = simulatedClock();
    runtime = new Runtime({ clock, random: seededRandom(1), region });
    const { types } = registerServices(runtime, () => undefined);
    gateway = await startGateway(runtime, { port: 0 });
    const make = makerOf(types);
    await make('aws_cloudwatch_event_bus', { name: 'shop' });
    await make('aws_cloudwatch_event_archive', { name: 'kept', event_source_arn: arn('event-bus/shop') });
    await make('aws_cloudwatch_event_rule', {
      name: 'users',
      event_bus_name: 'shop',
      event_pattern: '{"source":["users"]}',
    });
    for (const time of ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z']) {
      const entry = { EventBusName: 'shop', Source: 'users', DetailType: 'UserCreated', Detail: '{}', Time: time };
      await json('put-events', '--entries', JSON.stringify([entry]));
    }
  });
  afterAll(async () => {
    await gateway.close();
    await runtime.stop();
  });

  test('starts, describes and lists a replay', async () => {
    const times = ['2026-01-01T10:30:00Z', '2026-01-01T11:30:00Z'] as const;
    expect(await startReplay('mend-1', ...times, `,FilterArns=${rule}`)).toMatchObject({
      ReplayArn: arn('replay/mend-1'),
      State: 'STARTING',
    });
    await ended('mend-1');
    const described = await json('describe-replay', '--replay-name', 'mend-1');
    expect(described).toMatchObject({
      State: 'COMPLETED',
      EventSourceArn: arn('archive/kept'),
      Destination: { Arn: arn('event-bus/shop'), FilterArns: [rule] },
    });
    expect(seconds(described.EventStartTime)).toBe(Date.parse(times[0]) / 1000);
    expect(seconds(described.EventLastReplayedTime)).toBe(Date.UTC(2026, 0, 1, 11) / 1000);
    expect(await json('list-replays', '--name-prefix', 'mend-1')).toMatchObject({
      Replays: [{ ReplayName: 'mend-1', State: 'COMPLETED' }],
    });
  });

  test('cancels one, once, and tells what is refused', async () => {
    const day = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'] as const;
    await startReplay('mend-2', ...day);
    expect(await json('cancel-replay', '--replay-name', 'mend-2')).toEqual({
      ReplayArn: arn('replay/mend-2'),
      State: 'CANCELLING',
    });
    await ended('mend-2');
    expect(await json('describe-replay', '--replay-name', 'mend-2')).toMatchObject({ State: 'CANCELLED' });
    await expect(json('cancel-replay', '--replay-name', 'mend-2')).rejects.toThrow(
      '(IllegalStatusException) when calling the CancelReplay operation: Replay mend-2 is not in a valid state',
    );
    await expect(startReplay('mend-2', ...day)).rejects.toThrow('Replay mend-2 already exists.');
    await expect(startReplay('mend-3', day[1], day[0])).rejects.toThrow('EventStartTime must be before EventEndTime.');
  });
});

/** The CLI writes times as numbers (version 1) or in ISO 8601 (version 2). */
const seconds = (time: number | string) => (typeof time === 'number' ? time : Date.parse(time) / 1000);
