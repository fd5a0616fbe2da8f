import type { Clock } from '../../clock';

/** AWS: an execution that reaches it fails. Source: Step Functions quotas, "Maximum execution history size". */
const maximumEvents = 25_000;

/** An event as GetExecutionHistory shows it. */
export interface HistoryEvent {
  readonly timestamp: Date;
  readonly type: string;
  /** From 1. */
  readonly id: number;
  /** 0 for the first. */
  readonly previousEventId: number;
  /** Under a name that its type decides, such as `taskFailedEventDetails`. */
  readonly [details: string]: unknown;
}

/** The name of the member with the details of events of a type, by the API's model. */
function detailsName(type: string): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}

/** What happened in an execution. */
export class History {
  readonly events: HistoryEvent[] = [];

  constructor(
    private readonly clock: Clock,
    private readonly heard: (event: HistoryEvent, details: object) => void,
  ) {}

  /** True when there is no room for more than the end. */
  get isFull(): boolean {
    return this.events.length >= maximumEvents - 1;
  }

  /**
   * @param previous id of the event that it follows; 0 for the first
   * @returns the event's id
   */
  add(type: string, previous: number, details: object = {}): number {
    const event: HistoryEvent = {
      timestamp: new Date(this.clock.now()),
      type,
      id: this.events.length + 1,
      previousEventId: previous,
      ...(Object.keys(details).length > 0 && { [detailsName(type)]: details }),
    };
    this.events.push(event);
    this.heard(event, details);
    return event.id;
  }
}
