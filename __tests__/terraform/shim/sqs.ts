import { type Answer, answerWith, type Asked, type Gap, type Next, parsed, withBody } from './gap';

type Attributes = Record<string, string>;

/** `RedriveAllowPolicy` is unknown to the mock, and `SetQueueAttributes` without `Policy` wipes the policy. */
export function queueAttributes(): Gap {
  const kept = new Map<string, Attributes>();
  const nameOf = (url: string) => url.slice(url.lastIndexOf('/') + 1);

  async function write(asked: Asked, next: Next): Promise<Answer> {
    const body = parsed(asked);
    const name: string = body.QueueName ?? nameOf(body.QueueUrl);
    const { RedriveAllowPolicy, Policy, ...others } = (body.Attributes ?? {}) as Attributes;
    const before = kept.get(name) ?? {};
    const now: Attributes = {
      Policy: Policy ?? before.Policy ?? '',
      RedriveAllowPolicy: RedriveAllowPolicy ?? before.RedriveAllowPolicy ?? '',
    };
    const Attributes = { ...others, ...(now.Policy && { Policy: now.Policy }) };
    const answer = await next(withBody(asked, { ...body, Attributes }));
    if (answer.status === 200) kept.set(name, now);
    return answer;
  }

  async function read(asked: Asked, next: Next): Promise<Answer> {
    const body = parsed(asked);
    const wanted: string[] = body.AttributeNames ?? [];
    const answer = await next(withBody(asked, { ...body, AttributeNames: ['All'] }));
    if (answer.status !== 200) return answer;
    const all: Attributes = { ...parsed(answer).Attributes };
    const { RedriveAllowPolicy } = kept.get(nameOf(body.QueueUrl)) ?? {};
    if (RedriveAllowPolicy) all.RedriveAllowPolicy = RedriveAllowPolicy;
    // AWS gives the policy back as it was written, the mock with spaces.
    if (all.RedrivePolicy) all.RedrivePolicy = JSON.stringify(JSON.parse(all.RedrivePolicy));
    const Attributes = wanted.includes('All')
      ? all
      : Object.fromEntries(Object.entries(all).filter(([name]) => wanted.includes(name)));
    return answerWith(answer, { Attributes });
  }

  return async (asked, next) => {
    if (/^AmazonSQS\.(CreateQueue|SetQueueAttributes)$/.test(asked.target)) return write(asked, next);
    if (asked.target === 'AmazonSQS.GetQueueAttributes') return read(asked, next);
    if (asked.target === 'AmazonSQS.DeleteQueue') kept.delete(nameOf(parsed(asked).QueueUrl));
    return next(asked);
  };
}
