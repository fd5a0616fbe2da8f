import { type Step, writtenTo } from './step';
import { invoke } from './resources';

/** A message of the sample creator, and how the workflow gets it. */
function claimed(size: number, kilobytes: string, what: string): Step {
  const payload = { size, count: 1 };
  return {
    title: `A message of ${kilobytes} stays behind, and its claim travels`,
    input: `submit-sample ${JSON.stringify(payload)}`,
    act: async (local) => invoke(local, 'submit-sample', payload),
    end: {
      what,
      hops: [
        { matches: (hop) => writtenTo(hop, 'claim-outcomes') },
        { matches: (hop) => hop.service === 'states' && hop.summary.endsWith('SUCCEEDED') },
      ],
    },
  };
}

/** Messages of three sizes: in the table, and given to the workflow; in the table, and too large for it; in the bucket. */
export const claims: readonly Step[] = [
  claimed(2000, '2 KB', 'the workflow gets it whole'),
  claimed(300_000, '300 KB', 'the workflow gets a reference to the table'),
  claimed(900_000, '900 KB', 'the workflow gets a reference to the bucket'),
];
