import { z } from 'zod';
import type { Metric } from '../../runtime';

const directive = z.object({
  Namespace: z.string().min(1),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string().min(1) })),
});

const document = z.looseObject({ _aws: z.object({ CloudWatchMetrics: z.array(directive) }) });

/**
 * The metrics in a log line of the embedded metric format; none if the line is anything else. Dimensions that the line
 * lacks, and values that are not numbers, leave their metric out (CloudWatch user guide, "Specification: embedded metric format").
 *
 * @param line one log event
 */
export function embeddedMetrics(line: string): Metric[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const parsed = document.safeParse(parse(line));
  if (!parsed.success) return [];
  const { _aws: metadata, ...members } = parsed.data;
  return metadata.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions: sets, Metrics: metrics }) =>
    sets.flatMap((names) => {
      const values = names.map((name) => [name, members[name]] as const);
      if (values.some(([, value]) => typeof value !== 'string')) return [];
      const dimensions = Object.fromEntries(values.map(([name, value]) => [name, String(value)]));
      return metrics.flatMap(({ Name: name }) =>
        numbers(members[name]).map((value) => ({ namespace, name, dimensions, value })),
      );
    }),
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function numbers(value: unknown): number[] {
  return [value].flat().filter((one) => typeof one === 'number');
}
