import type { StackName } from '../synthesis';
import { type Asker, type Askers } from './askers/asker';
import { claimAskers } from './askers/claims';
import { messageAskers } from './askers/notifications';
import { orderAskers } from './askers/orders';
import { sharedAskers } from './askers/services';
import { userAskers } from './askers/users';
import type { Orders } from './orders';
import { logStreams, type Question, questionsFor } from './questions';

/** Who asks, and all that they may do. Whatever is asked and not listed is denied. */
export const askers: Askers = { ...orderAskers, ...userAskers, ...messageAskers, ...claimAskers, ...sharedAskers };

/** Those whom the policies of a stack are about, for the most part. */
const askersOf: Readonly<Record<StackName, Askers>> = {
  'state-backend': sharedAskers,
  'outbox-core': { ...orderAskers, ...sharedAskers },
  'order-consumers': orderAskers,
  'user-events': userAskers,
  notifications: messageAskers,
  'claim-check': claimAskers,
};

/** Names of all that an asker may do in a running system, sorted: of each asker, those of a stack first. */
export async function* grantsIn(orders: Orders, stack: StackName): AsyncGenerator<[asker: string, granted: string[]]> {
  // IAM knows the policies of log groups for streams that somebody has asked for.
  await Promise.all(logStreams.map(async (stream) => orders.call('logs', 'CreateLogStream', stream)));
  const asked = questionsFor(orders);
  const allows = (question: Question, { principal, context }: Asker) =>
    orders.runtime.iam.authorize({ ...question, principal, context: { ...question.context, ...context } }).allowed;
  for (const [name, asker] of Object.entries({ ...askersOf[stack], ...askers })) {
    const granted = asked.filter((question) => allows(question, asker)).map((question) => question.name);
    yield [name, granted.sort()];
  }
}
