import { AwsError } from '../../aws-error';
import type { Runtime } from '../../runtime';
import type { Matcher } from '../event-pattern';
import type { Archive } from './archive';
import type { Target } from './target';

/** A rule of a bus. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly busName: string;
  readonly pattern: string;
  readonly matches: Matcher;
  readonly description: string | undefined;
  readonly targets: Map<string, Target>;
  enabled: boolean;
}

/** An event bus. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly created: number;
  readonly rules: Map<string, Rule>;
}

const defaultName = 'default';

/** What exists: the buses of the account with their rules, and the archives. */
export class Buses {
  readonly archives = new Map<string, Archive>();
  private readonly byName = new Map<string, Bus>();

  /** Every account has the bus `default`. */
  constructor(private readonly runtime: Runtime) {
    this.add(defaultName);
  }

  get all(): readonly Bus[] {
    return [...this.byName.values()];
  }

  /** @throws AwsError `ResourceAlreadyExistsException` */
  add(name: string, description?: string): Bus {
    if (this.byName.has(name)) {
      throw new AwsError('ResourceAlreadyExistsException', `Event bus ${name} already exists.`);
    }
    const bus = { name, arn: this.arn(name), description, created: this.runtime.clock.now(), rules: new Map() };
    this.byName.set(name, bus);
    return bus;
  }

  /** @param nameOrArn @default the bus `default` */
  arn(nameOrArn = defaultName): string {
    return nameOrArn.startsWith('arn:') ? nameOrArn : this.runtime.arn('events', `event-bus/${nameOrArn}`);
  }

  /** @param nameOrArn @default the bus `default` */
  find(nameOrArn = defaultName): Bus | undefined {
    const arn = this.arn(nameOrArn);
    const bus = this.byName.get(arn.slice(arn.indexOf('/') + 1));
    return bus?.arn === arn ? bus : undefined;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  get(nameOrArn?: string): Bus {
    const bus = this.find(nameOrArn);
    if (!bus) throw new AwsError('ResourceNotFoundException', `Event bus ${nameOrArn ?? defaultName} does not exist.`);
    return bus;
  }

  /** ARN of a rule, there or not: only rules of other buses than `default` carry the bus in it. */
  ruleArn(name: string, nameOrArn?: string): string {
    const bus = this.arn(nameOrArn);
    const busName = bus.slice(bus.indexOf('/') + 1);
    return this.runtime.arn('events', busName === defaultName ? `rule/${name}` : `rule/${busName}/${name}`);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  rule(name: string, nameOrArn?: string): Rule {
    const bus = this.get(nameOrArn);
    const rule = bus.rules.get(name);
    if (!rule) {
      throw new AwsError('ResourceNotFoundException', `Rule ${name} does not exist on EventBus ${bus.name}.`);
    }
    return rule;
  }

  /** @throws AwsError `ResourceNotFoundException` */
  archive(name: string): Archive {
    const archive = this.archives.get(name);
    if (!archive) throw new AwsError('ResourceNotFoundException', `Archive ${name} does not exist.`);
    return archive;
  }
}

/** Dimensions of a rule's metrics: EventBusName only where the bus is not `default`. */
export function dimensions(rule: Rule): Record<string, string> {
  return { RuleName: rule.name, ...(rule.busName !== defaultName && { EventBusName: rule.busName }) };
}
