import { account, events, region, ruleArn, world } from './account';

describe('statements appended to a resource', () => {
  const functionArn = `arn:aws:lambda:${region}:${account}:function:f`;
  const invoke = { principal: events, action: 'lambda:InvokeFunction', resource: functionArn };
  const permission = (Sid: string, SourceArn: string) => ({
    Sid,
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'lambda:InvokeFunction',
    Resource: functionArn,
    Condition: { ArnLike: { 'AWS:SourceArn': SourceArn } },
  });

  test('add up, are told by Sid and can be taken away', () => {
    const iam = world({});
    iam.appendResourceStatement(functionArn, permission('other', `${ruleArn}-other`));
    expect(iam.authorize(invoke).allowed).toBe(false);
    iam.appendResourceStatement(functionArn, permission('rule', ruleArn));
    expect(iam.authorize(invoke)).toEqual({ allowed: true, by: { policy: functionArn, statement: 'rule' } });
    expect(iam.resourcePolicy(functionArn)).toMatchObject({
      Version: '2012-10-17',
      Statement: [{ Sid: 'other' }, { Sid: 'rule' }],
    });
    expect(() => iam.appendResourceStatement(functionArn, permission('rule', ruleArn))).toThrow(
      'The statement id (rule) provided already exists',
    );
    expect(iam.removeResourceStatement(functionArn, 'rule')).toBe(true);
    expect(iam.removeResourceStatement(functionArn, 'rule')).toBe(false);
    expect(iam.authorize(invoke).allowed).toBe(false);
    iam.removeResourceStatement(functionArn, 'other');
    expect(iam.resourcePolicy(functionArn)).toBeUndefined();
  });
});
