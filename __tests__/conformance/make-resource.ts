import type { Services } from '../../local/services';

/** Makes a resource of the types that run here, as the loader does with one in a stack. @returns its attributes */
export const makerOf = (types: Services['types']) => async (type: string, given: object) =>
  types[type]!.create({
    address: `cli/${type}.it`,
    stack: 'cli',
    type,
    name: 'it',
    arguments: types[type]!.arguments.parse(given),
  });
