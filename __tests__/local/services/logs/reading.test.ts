import { account } from '../function-fixture';
import { call, makeGroup, messages, names, put } from './log-group';

describe('reading', () => {
  beforeEach(async () => {
    await makeGroup();
    await call('CreateLogStream', names);
  });

  test('GetLogEvents pages both ways', async () => {
    await put('a', 'b', 'c', 'd', 'e');
    const get = async (more: object) => {
      const answer = await call('GetLogEvents', { ...names, limit: 2, ...more });
      return { ...answer, texts: answer.events.map((event: { message: string }) => event.message).join('') };
    };
    expect((await get({})).texts).toBe('de');
    const head = await get({ startFromHead: true });
    expect(head.texts).toBe('ab');
    const next = await get({ nextToken: head.nextForwardToken });
    expect(next.texts).toBe('cd');
    expect((await get({ nextToken: next.nextBackwardToken })).texts).toBe('ab');
    const last = await get({ nextToken: next.nextForwardToken });
    expect(last.texts).toBe('e');
    const end = await get({ nextToken: last.nextForwardToken });
    expect(end).toMatchObject({ texts: '', nextForwardToken: last.nextForwardToken });
    await expect(get({ nextToken: 'x' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });

  test('FilterLogEvents filters and pages', async () => {
    await put('ERROR one', 'INFO two', 'ERROR three');
    expect(await messages({ filterPattern: 'ERROR' })).toEqual(['ERROR one', 'ERROR three']);
    const first = await call('FilterLogEvents', {
      logGroupIdentifier: `arn:aws:logs:eu-west-1:${account}:log-group:orders`,
      limit: 2,
    });
    expect(first.events).toHaveLength(2);
    expect(await messages({ limit: 2, nextToken: first.nextToken })).toEqual(['ERROR three']);
    await expect(messages({ filterPattern: '[a, b]' })).rejects.toMatchObject({ code: 'InvalidParameterException' });
  });
});
