/** What the platform says about one invocation. Durations in milliseconds, memory in MB. */
export interface Report {
  readonly requestId: string;
  readonly duration: number;
  readonly memory: number;
  /** Heap of the sandbox alone, so less than AWS reports for the whole environment. */
  readonly memoryUsed: number;
  /** Of a cold start. */
  readonly initDuration?: number;
  readonly status: 'success' | 'error' | 'timeout';
}

/** Writes the platform's lines in a function's log format. */
export interface PlatformLines {
  /** Lines before the handler runs. */
  start(requestId: string): string[];
  /** Lines after it has ended. */
  end(report: Report): string[];
}

const version = '$LATEST';

const text: PlatformLines = {
  start: (requestId) => [`START RequestId: ${requestId} Version: ${version}`],
  end: ({ requestId, duration, memory, memoryUsed, initDuration, status }) => [
    `END RequestId: ${requestId}`,
    [
      `REPORT RequestId: ${requestId}`,
      `Duration: ${duration.toFixed(2)} ms`,
      `Billed Duration: ${Math.ceil(duration + (initDuration ?? 0))} ms`,
      `Memory Size: ${memory} MB`,
      `Max Memory Used: ${memoryUsed} MB`,
      ...(initDuration === undefined ? [] : [`Init Duration: ${initDuration.toFixed(2)} ms`]),
      ...(status === 'success' ? [] : [`Status: ${status}`]),
    ].join('\t'),
  ],
};

function json(level: string, time: () => number): PlatformLines {
  const line = (type: string, record: object) => JSON.stringify({ time: new Date(time()).toISOString(), type, record });
  return {
    start: (requestId) => (level === 'WARN' ? [] : [line('platform.start', { requestId, version })]),
    end: ({ requestId, duration, memory, memoryUsed, initDuration, status }) => {
      if (level === 'WARN' && status === 'success') return [];
      const metrics = {
        durationMs: Number(duration.toFixed(3)),
        billedDurationMs: Math.ceil(duration + (initDuration ?? 0)),
        memorySizeMB: memory,
        maxMemoryUsedMB: memoryUsed,
        ...(initDuration !== undefined && { initDurationMs: Number(initDuration.toFixed(3)) }),
      };
      return [line('platform.report', { requestId, metrics, status })];
    },
  };
}

/**
 * The lines of a log format.
 *
 * @param level system log level; JSON format only. At WARN only failures are reported.
 *   Source: AWS Lambda Developer Guide, "Log-level filtering"
 * @param time for the lines' own time stamp, in epoch milliseconds
 */
export function platformLines(format: 'JSON' | 'Text', level: string, time: () => number): PlatformLines {
  return format === 'JSON' ? json(level, time) : text;
}
