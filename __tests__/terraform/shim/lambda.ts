import { answerWith, type Gap, parsed } from './gap';

const functions = /^\/2015-03-31\/functions(?:\/([^/?]+)(?:\/configuration)?)?\/?(?:\?.*)?$/;

/** The mock forgets `LoggingConfig`. */
export function functionLogging(): Gap {
  const kept = new Map<string, object>();
  return async (asked, next) => {
    const match = functions.exec(asked.path);
    if (!match) return next(asked);
    const body = asked.method === 'GET' || asked.method === 'DELETE' ? {} : parsed(asked);
    const name = match[1] ?? body.FunctionName;
    if (!name) return next(asked);
    const answer = await next(asked);
    if (answer.status >= 300) return answer;
    if (body.LoggingConfig) kept.set(name, body.LoggingConfig);
    if (asked.method === 'DELETE') kept.delete(name);
    const LoggingConfig = kept.get(name);
    if (!LoggingConfig || !answer.body.length) return answer;
    const said = parsed(answer);
    const mended = said.Configuration
      ? { ...said, Configuration: { ...said.Configuration, LoggingConfig } }
      : { ...said, LoggingConfig };
    return answerWith(answer, mended);
  };
}

const invokeConfig = /^\/[\d-]+\/functions\/[^/?]+\/event-invoke-config\/?$/;

/** The mock lets the first configuration of asynchronous invocations stand when a second is put. */
export const invokeConfigs: Gap = async (asked, next) => {
  if (asked.method === 'PUT' && invokeConfig.test(asked.path)) {
    await next({ ...asked, method: 'DELETE', body: Buffer.alloc(0) });
  }
  return next(asked);
};
