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

/** Names of all that each asker may do in a running system, sorted. */
export async function grantsIn(orders: Orders): Promise<Record<string, string[]>> {
  // IAM knows the policies of log groups for streams that somebody has asked for.
  await Promise.all(logStreams.map(async (stream) => orders.call('logs', 'CreateLogStream', stream)));
  const asked = questionsFor(orders);
  const allows = (question: Question, { principal, context }: Asker) =>
    orders.runtime.iam.authorize({ ...question, principal, context: { ...question.context, ...context } }).allowed;
  return Object.fromEntries(
    Object.entries(askers).map(([name, asker]) => [
      name,
      asked
        .filter((question) => allows(question, asker))
        .map((question) => question.name)
        .sort(),
    ]),
  );
}
