import { type Step, unmatched, writtenTo } from './step';

function invoke(name: string, payload: object): Pick<Step, 'input' | 'act'> {
  const Payload = JSON.stringify(payload);
  return {
    input: `${name} ${Payload}`,
    async act({ call, resources }) {
      const FunctionName = resources
        .filter(({ type }) => type === 'aws_lambda_function')
        .map(({ attributes }) => String(attributes.function_name))
        .find((it) => it.endsWith(`-${name}`));
      const answer = (await call('lambda', 'Invoke', { FunctionName, Payload })) as Record<string, unknown>;
      if (answer.FunctionError) throw new Error(String(answer.Payload));
      return String(answer.Payload);
    },
  };
}

/** Users written by functions. */
export const users: readonly Step[] = [
  {
    title: 'A created user is greeted and audited',
    ...invoke('create-user', { id: 'ada', username: 'ada', email: 'ada@example.com' }),
    end: {
      what: 'both consumers of UserCreated write',
      hops: [{ matches: (hop) => writtenTo(hop, 'user-audit') }, { matches: (hop) => writtenTo(hop, 'user-welcomes') }],
    },
  },
  {
    title: 'An updated user is announced with what changed',
    ...invoke('update-user', { id: 'ada', email: 'ada@example.org' }),
    end: { what: 'UserUpdated is on the bus, and no rule wants it', hops: [{ matches: unmatched }] },
  },
  {
    title: 'A deleted user is announced',
    ...invoke('delete-user', { id: 'ada' }),
    end: { what: 'UserDeleted is on the bus, and no rule wants it', hops: [{ matches: unmatched }] },
  },
];
