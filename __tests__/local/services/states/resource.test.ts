import { Harness, machineArn, roleArn } from './harness';
import { made, pass } from './machine';

describe('the resource', () => {
  test('its attributes', async () => {
    expect(await new Harness().create(pass)).toEqual({
      id: machineArn,
      arn: machineArn,
      name: 'machine',
      status: 'ACTIVE',
      creation_date: '2026-01-01T00:00:00.000Z',
    });
  });

  test.each([
    [{ type: 'EXPRESS' }, 'only STANDARD is modelled'],
    [{ publish: true }, 'versions are not modelled'],
    [{ encryption_configuration: [{ type: 'AWS_OWNED_KEY' }] }, 'keys are not modelled'],
    [{ name_prefix: 'x' }, 'name_prefix'],
    [{ definition: 'x' }, 'not JSON'],
    [{ name: 'other' }, 'is authorized to assume the provided role'],
    [{ role_arn: `${roleArn}-2` }, 'is authorized to assume the provided role'],
  ])('%j is refused', async (rest, message) => {
    await expect(new Harness().create(pass, rest)).rejects.toThrow(message);
  });

  test('a name is given once', async () => {
    const harness = await made();
    await expect(harness.create(pass)).rejects.toThrow('already a state machine');
  });
});
