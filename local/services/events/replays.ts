import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Deliver } from './delivery';
import { Replay, type ReplayOrder } from './replay';

/** Replays that run at the same time, at most (user guide, eb-replay-archived-event). */
const maximumActive = 10;

/** Milliseconds after which a replay is forgotten and its name is free: 90 days (user guide, eb-replay-archived-event). */
const remembered = 90 * 86_400_000;

/** The replays of the account. */
export class Replays {
  private readonly byName = new Map<string, Replay>();

  constructor(
    private readonly runtime: Runtime,
    private readonly deliver: Deliver,
  ) {
    runtime.onStop(() => {
      for (const replay of this.byName.values()) replay.stop();
    });
  }

  /** In the order in which they were started. */
  get all(): readonly Replay[] {
    const oldest = this.runtime.clock.now() - remembered;
    for (const [name, { startedAt, isActive }] of this.byName) {
      if (startedAt <= oldest && !isActive) this.byName.delete(name);
    }
    return [...this.byName.values()];
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(name: string): Replay {
    const replay = this.all.find(({ order }) => order.name === name);
    if (!replay) throw new AwsError('ResourceNotFoundException', `Replay ${name} does not exist.`);
    return replay;
  }

  /** @throws AwsError `ResourceAlreadyExistsException`, `LimitExceededException` if a replay of this name cannot start */
  check(name: string): void {
    if (this.all.some(({ order }) => order.name === name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Replay ${name} already exists.`);
    }
    if (this.all.filter(({ isActive }) => isActive).length >= maximumActive) {
      throw new AwsError(
        'LimitExceededException',
        `The account has ${maximumActive} active replays, which is the most: wait until one ends, or cancel one.`,
      );
    }
  }

  start(order: ReplayOrder): Replay {
    const replay = new Replay(this.runtime, order, this.deliver);
    this.byName.set(order.name, replay);
    return replay;
  }
}
