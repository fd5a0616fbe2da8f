import type { Random } from './random';

/**
 * What goes wrong with a call.
 *
 * - `throttle`: refused with the service's throttling error
 * - `deny`: refused as if no policy allowed it
 * - `failBefore`: an internal error; nothing was done
 * - `failAfter`: the work is done, then the answer is lost in an internal error
 * - `kill`: the calling function's sandbox dies before the work is done
 * - `killAfter`: the work is done, then the calling function's sandbox dies
 * - `duplicate`: the work is done twice
 * - `partial`: some entries of the request fail, the others are taken; for operations that answer entry by entry
 */
export type FaultEffect =
  | 'throttle'
  | 'deny'
  | 'failBefore'
  | 'failAfter'
  | 'kill'
  | 'killAfter'
  | 'duplicate'
  | 'partial';

/** A fault to inject into calls that match all members given. */
export interface Fault {
  /** IAM prefix of the service called: `dynamodb`, `sqs`, `events`, `lambda`. @default any */
  readonly service?: string;
  /** Operation called, such as `PutEvents`. @default any */
  readonly operation?: string;
  /** ARN called on, or its end: `resource: 'outbox-dev-orders'`. @default any */
  readonly resource?: string;
  /** Whose calls: the role's ARN or its end. @default anybody's */
  readonly principal?: string;
  /** How often it happens. @default 1 */
  readonly times?: number;
  /** Chance that a matching call is hit, from 0 to 1. @default 1 */
  readonly probability?: number;
  /** What happens instead, or besides. */
  readonly effect: FaultEffect;
}

/** What is asked of {@link Faults.take}. */
export interface FaultTarget {
  readonly service: string;
  readonly operation: string;
  /** ARNs acted on. */
  readonly resources: readonly string[];
  /** ARN of who calls. */
  readonly principal: string;
}

/** A fault that is set, and how often it will still happen. */
export interface ActiveFault {
  /** What {@link Faults.remove} takes. */
  readonly id: number;
  readonly fault: Fault;
  /** Calls that it will still hit. */
  readonly left: number;
}

/** The faults set on a running local system. */
export class Faults {
  private readonly active = new Map<number, { fault: Fault; left: number }>();
  private nextId = 1;

  /** @param answersByEntry whether the operation of a service can take some entries of a request and not others */
  constructor(
    private readonly random: Random,
    private readonly answersByEntry: (service: string, operation: string) => boolean,
  ) {}

  /**
   * Sets a fault; the returned function clears it.
   *
   * @throws Error for a `partial` fault that does not name an operation that answers entry by entry
   */
  add(fault: Fault): () => void {
    const { service, operation, effect } = fault;
    if (effect === 'partial' && !(service && operation && this.answersByEntry(service, operation)))
      throw new Error(
        `The fault partial needs the service and an operation that answers entry by entry, such as events PutEvents; \
given: ${service ?? 'any service'}, ${operation ?? 'any operation'}`,
      );
    const id = this.nextId++;
    this.active.set(id, { fault, left: fault.times ?? 1 });
    return () => this.active.delete(id);
  }

  /** The faults that will still happen, in the order they were set. */
  get all(): readonly ActiveFault[] {
    return [...this.active].map(([id, { fault, left }]) => ({ id, fault, left }));
  }

  /** Clears one fault; returns false if there is none with this id. */
  remove(id: number): boolean {
    return this.active.delete(id);
  }

  /** Clears all faults. */
  clear(): void {
    this.active.clear();
  }

  /** The effect that hits this call, if any; counts it. */
  take(target: FaultTarget): FaultEffect | undefined {
    for (const [id, entry] of this.active) {
      if (!matches(entry.fault, target)) continue;
      if ((entry.fault.probability ?? 1) < 1 && this.random.next() >= entry.fault.probability!) continue;
      if (--entry.left <= 0) this.active.delete(id);
      return entry.fault.effect;
    }
    return undefined;
  }
}

function matches(fault: Fault, target: FaultTarget): boolean {
  return (
    (!fault.service || fault.service === target.service) &&
    (!fault.operation || fault.operation === target.operation) &&
    (!fault.resource || target.resources.some((resource) => resource.endsWith(fault.resource!))) &&
    (!fault.principal || target.principal.endsWith(fault.principal))
  );
}
