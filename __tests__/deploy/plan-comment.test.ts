import { marker, planComment } from '../../deploy/workflow/plan-comment';
import { type PlanJson, summarize } from '../../deploy/workflow/plan-summary';

const change = (actions: string[], more: object = {}) => ({ actions, before: null, after: null, ...more });

const plan: PlanJson = {
  resource_changes: [
    { address: 'aws_sqs_queue.new', mode: 'managed', change: change(['create'], { after: { name: 'hush' } }) },
    { address: 'aws_dynamodb_table.gone', mode: 'managed', change: change(['delete'], { before: { name: 'hush' } }) },
    {
      address: 'aws_pipes_pipe.pipe',
      mode: 'managed',
      change: change(['delete', 'create'], { replace_paths: [['source'], ['source_parameters', 0, 'x']] }),
    },
    {
      address: 'aws_lambda_function.send',
      mode: 'managed',
      change: change(['update'], {
        before: { environment: { TOKEN: 'hush' }, memory_size: 256, timeout: 30, arn: 'a' },
        after: { environment: { TOKEN: 'hush2' }, memory_size: 512, timeout: 30 },
        after_unknown: { arn: true, environment: {}, vpc_config: [{}] },
      }),
    },
    { address: 'aws_sns_topic.same', mode: 'managed', change: change(['no-op']) },
    { address: 'aws_sns_topic.left', mode: 'managed', change: change(['forget']) },
    { address: 'data.archive_file.zip', mode: 'data', change: change(['read']) },
  ],
};

test('a plan is told by names: what happens to which resource, and which attributes differ or force it', () => {
  expect(summarize('notifications', plan)).toEqual({
    stack: 'notifications',
    changes: [
      { address: 'aws_sqs_queue.new', action: 'create', attributes: [] },
      { address: 'aws_dynamodb_table.gone', action: 'destroy', attributes: [] },
      { address: 'aws_pipes_pipe.pipe', action: 'replace', attributes: ['source', 'source_parameters'] },
      { address: 'aws_lambda_function.send', action: 'update', attributes: ['environment', 'memory_size', 'arn'] },
      { address: 'aws_sns_topic.left', action: 'forget', attributes: [] },
    ],
  });
});

test('an action that is not known is not passed over', () => {
  const odd = { resource_changes: [{ address: 'a.b', mode: 'managed', change: change(['explode']) }] };
  expect(() => summarize('x', odd)).toThrow('a.b: the plan has the actions explode, which are not known here');
});

test('the comment begins with what is lost, folds each stack, and holds no value', () => {
  const text = planComment('staging', [
    summarize('notifications', plan),
    { stack: 'outbox-core', changes: [] },
    { stack: 'user-events', failed: true },
  ]);
  expect(text).toBe(`${marker}

### Plan for \`staging\`

> [!CAUTION]
> This destroys or replaces resources:
> - destroy \`aws_dynamodb_table.gone\` of \`notifications\`
> - replace \`aws_pipes_pipe.pipe\` of \`notifications\`

<details><summary><code>notifications</code>: <b>1 to destroy</b>, <b>1 to replace</b>, 1 to update, 1 to create, 1 to forget</summary>

- create \`aws_sqs_queue.new\`
- **destroy** \`aws_dynamodb_table.gone\`
- **replace** \`aws_pipes_pipe.pipe\`: forced by \`source\`, \`source_parameters\`
- update \`aws_lambda_function.send\`: \`environment\`, \`memory_size\`, \`arn\`
- forget \`aws_sns_topic.left\`

</details>

<code>outbox-core</code>: no changes

<b><code>user-events</code>: the plan failed</b>; the log of the run says why`);
  expect(text).not.toContain('hush');
});

test('without changes there is no warning', () => {
  expect(planComment('dev', [])).toBe(`${marker}\n\n### Plan for \`dev\`\n\nNo stack changes.`);
});

test('names cannot leave their quotes', () => {
  const changes = [{ address: 'a.b["`<img>\n"]', action: 'create', attributes: [] } as const];
  expect(planComment('dev', [{ stack: 'x', changes }])).toContain('- create `a.b["??img??"]`');
});

test('a long plan is cut, and says so', () => {
  const changes = Array.from({ length: 2000 }, (_, index) => ({
    address: `aws_sqs_queue.${'q'.repeat(200)}${index}`,
    action: 'destroy' as const,
    attributes: [],
  }));
  const one = planComment('dev', [{ stack: 'x', changes }]);
  expect(one).toContain('- and 1900 more');
  const many = planComment(
    'dev',
    Array.from({ length: 9 }, (_, index) => ({ stack: `s${index}`, changes })),
  );
  expect(many.length).toBeLessThan(65_536);
  expect(many).toContain('<code>s8</code>: <b>2000 to destroy</b>');
  expect(many.endsWith('Too long to list.')).toBe(true);
});
