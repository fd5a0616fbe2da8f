import { Cron } from 'croner';

/** When a schedule is due. */
export interface Expression {
  /** `at(...)`: due once. */
  readonly isOneTime: boolean;
  /**
   * The first time due after a time.
   *
   * @param after in epoch milliseconds
   * @param anchor when a rate without start date begins, in epoch milliseconds
   * @returns epoch milliseconds; undefined if there is none any more
   */
  next(after: number, anchor: number): number | undefined;
}

const minute = 60_000;
const units: Readonly<Record<string, number>> = { minute, hour: 60 * minute, day: 24 * 60 * minute };

/**
 * Reads a schedule expression.
 *
 * Source: EventBridge Scheduler user guide, "Schedule types".
 *
 * @param timezone IANA name; `rate` does not depend on it
 * @throws Error with what is wrong and what is expected
 */
export function parseExpression(text: string, timezone = 'UTC'): Expression {
  checkTimezone(timezone);
  const [, kind, body] = /^(at|rate|cron)\((.*)\)$/.exec(text) ?? [];
  if (kind === 'rate') return rate(text, body!);
  if (kind === 'at') return at(text, body!, timezone);
  if (kind === 'cron') return cron(text, body!, timezone);
  throw new Error(`Invalid Schedule Expression ${text}: expected at(...), rate(...) or cron(...)`);
}

function checkTimezone(timezone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new Error(`Invalid Schedule Expression Timezone ${timezone}: expected a name such as Europe/Berlin`);
  }
}

/** Without start date a rate is due at once, then after each interval (user guide, "Rate-based schedules"). */
function rate(text: string, body: string): Expression {
  const [, value, unit] = /^([1-9]\d{0,5}) (minute|hour|day)s?$/.exec(body) ?? [];
  if (!value || !unit)
    throw new Error(`Invalid Schedule Expression ${text}: expected rate(value minutes), hours or days`);
  const interval = Number(value) * units[unit]!;
  return {
    isOneTime: false,
    next: (after, anchor) =>
      after < anchor ? anchor : anchor + (Math.floor((after - anchor) / interval) + 1) * interval,
  };
}

/** What was due before the schedule was made is due at once. */
function at(text: string, body: string, timezone: string): Expression {
  const [, year, month, day, hour, minutes, seconds] =
    /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)$/.exec(body)?.map(Number) ?? [];
  const wrong = `Invalid Schedule Expression ${text}: expected at(yyyy-mm-ddThh:mm:ss)`;
  if (!year) throw new Error(wrong);
  const pattern = [seconds, minutes, hour, day, month, '*', year].join(' ');
  const due = calculator(text, pattern, timezone).nextRun(new Date(Date.UTC(year, month! - 1, day! - 2)));
  if (!due) throw new Error(wrong);
  return {
    isOneTime: true,
    next: (after, anchor) => {
      const time = Math.max(due.getTime(), anchor);
      return time > after ? time : undefined;
    },
  };
}

const fields = 'minutes hours day-of-month month day-of-week year';

function cron(text: string, body: string, timezone: string): Expression {
  const parts = body.trim().split(/\s+/);
  if (parts.length !== 6) throw new Error(`Invalid Schedule Expression ${text}: expected cron(${fields})`);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = parts as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    throw new Error(`Invalid Schedule Expression ${text}: exactly one of day-of-month and day-of-week must be ?`);
  }
  if (/(^|[,-])[089]/.test(dayOfWeek)) {
    throw new Error(`Invalid Schedule Expression ${text}: day-of-week is 1 (SUN) to 7 (SAT)`);
  }
  const weekdays = dayOfWeek === '?' ? '*' : dayOfWeek === 'L' ? 'SAT' : dayOfWeek;
  const days = dayOfMonth === '?' ? '*' : dayOfMonth;
  const times = calculator(text, ['0', minutes, hours, days, month, weekdays, year].join(' '), timezone);
  return {
    isOneTime: false,
    next(after) {
      let due = times.nextRun(new Date(after));
      // A time that the clocks skip in spring is skipped, one that they repeat in autumn is not repeated (user guide, "Daylight savings time").
      while (due && (!times.match(due) || isRepeated(due.getTime(), timezone))) due = times.nextRun(due);
      return due?.getTime();
    },
  };
}

/** AWS counts weekdays from 1 = Sunday and writes steps as `0/5`. */
function calculator(text: string, pattern: string, timezone: string): Cron {
  try {
    return new Cron(pattern, {
      mode: '7-part',
      timezone,
      paused: true,
      sloppyRanges: true,
      alternativeWeekdays: true,
      domAndDow: true,
    });
  } catch (error) {
    throw new Error(`Invalid Schedule Expression ${text}: ${(error as Error).message.replace(/^CronPattern: /, '')}`, {
      cause: error,
    });
  }
}

/** Clocks go back by half an hour (Lord Howe) or an hour. */
function isRepeated(time: number, timezone: string): boolean {
  const format = new Intl.DateTimeFormat('en', { timeZone: timezone, dateStyle: 'short', timeStyle: 'short' });
  const shown = format.format(time);
  return [30, 60].some((minutes) => format.format(time - minutes * minute) === shown);
}
