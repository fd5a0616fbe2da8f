const token = document.querySelector('meta[name="console-token"]')?.getAttribute('content') ?? '';

/** The console refused, or is gone: the message is for the person. */
export class ConsoleError extends Error {}

async function answerOf(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new ConsoleError('The runtime does not answer: is npm start still running?');
  }
  const answer = await response.json();
  if (!response.ok) throw new ConsoleError(answer.error);
  return answer;
}

/** Reads something. @returns {Promise<any>} */
export const read = (name, parameters = {}) => answerOf(`/api/${name}?${new URLSearchParams(parameters)}`, {});

/** Does something. @returns {Promise<any>} */
export const act = (name, input) =>
  answerOf(`/api/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'X-Console-Token': token },
    body: JSON.stringify(input),
  });
