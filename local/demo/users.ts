import { invoke } from './resources';
import { type Step, unmatched, writtenTo } from './step';

function invoked(name: string, payload: object): Pick<Step, 'input' | 'act'> {
  return { input: `${name} ${JSON.stringify(payload)}`, act: async (local) => invoke(local, name, payload) };
}

/** Users written by functions. */
export const users: readonly Step[] = [
  {
    title: 'A created user is greeted and audited',
    ...invoked('create-user', { id: 'ada', username: 'ada', email: 'ada@example.com' }),
    end: {
      what: 'both consumers of UserCreated write',
      hops: [{ matches: (hop) => writtenTo(hop, 'user-audit') }, { matches: (hop) => writtenTo(hop, 'user-welcomes') }],
    },
  },
  {
    title: 'An updated user is announced with what changed',
    ...invoked('update-user', { id: 'ada', email: 'ada@example.org' }),
    end: { what: 'UserUpdated is on the bus, and no rule wants it', hops: [{ matches: unmatched }] },
  },
  {
    title: 'A deleted user is announced',
    ...invoked('delete-user', { id: 'ada' }),
    end: { what: 'UserDeleted is on the bus, and no rule wants it', hops: [{ matches: unmatched }] },
  },
];
