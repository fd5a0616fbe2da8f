import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { getHeapStatistics } from 'node:v8';
import { now, patchDate, setTime } from './clock.mjs';
import { captureOutput, writeMessage } from './console.mjs';
import { closeNetwork } from './network.mjs';

/** @type {import('../sandbox.js').Boot} */
const boot = workerData;
const host = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
/** @type {import('../sandbox.js').Invocation | undefined} */
let current;
let seen = 0;

/** @param {import('../sandbox.js').FromSandbox} message */
function post(message) {
  host.postMessage(message, []);
}

/**
 * @param {unknown} error
 * @returns {import('../sandbox.js').FunctionError}
 */
function errorDocument(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: error.stack?.split('\n') ?? [] };
}

/**
 * @param {string} name
 * @param {string} message
 */
function named(name, message) {
  return Object.assign(new Error(message), { name });
}

/** Loads the function's module as Lambda does: what can be required is, ES modules are imported. */
async function loadModule() {
  const { href } = pathToFileURL(boot.entry);
  if (boot.entry.endsWith('.mjs')) return import(href);
  try {
    return createRequire(href)(boot.entry);
  } catch (error) {
    if (/** @type {any} */ (error)?.code !== 'ERR_REQUIRE_ASYNC_MODULE') throw error;
    return import(href);
  }
}

async function loadHandler() {
  /** @type {any} */
  let found;
  try {
    found = await loadModule();
  } catch (error) {
    if (error instanceof SyntaxError) error.name = 'Runtime.UserCodeSyntaxError';
    if (['MODULE_NOT_FOUND', 'ERR_MODULE_NOT_FOUND'].includes(/** @type {any} */ (error)?.code))
      throw named('Runtime.ImportModuleError', `Error: ${/** @type {Error} */ (error).message}`);
    throw error;
  }
  const [first = '', ...rest] = boot.exportPath;
  let handler = found[first] ?? found.default?.[first];
  for (const name of rest) handler = handler?.[name];
  if (typeof handler !== 'function')
    throw named('Runtime.HandlerNotFound', `${boot.handler} is undefined or not exported`);
  if (handler.length >= 3) {
    throw named(
      'CallbackHandlerDeprecatedError',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. You need to modify this function to use a supported handler signature.',
    );
  }
  return handler;
}

/** Stands still, as Lambda freezes an environment between invocations, until there is one. */
async function nextInvocation() {
  Atomics.wait(boot.wakeups, 0, seen++);
  /** @type {import('../sandbox.js').Invocation} */
  const invocation = receiveMessageOnPort(host)?.message;
  // Connections that were closed meanwhile are noticed before the handler reuses them.
  await new Promise((resume) => setImmediate(resume));
  return invocation;
}

/** @param {import('../sandbox.js').Invocation} invocation */
function contextOf(invocation) {
  const deadline = performance.now() + invocation.timeout;
  return {
    ...boot.context,
    awsRequestId: invocation.requestId,
    callbackWaitsForEmptyEventLoop: true,
    ...(invocation.clientContext && { clientContext: JSON.parse(invocation.clientContext) }),
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
}

/** @param {unknown} result */
function stringify(result) {
  try {
    return JSON.stringify(result === undefined ? null : result) ?? 'null';
  } catch {
    throw new Error('Unable to stringify response body');
  }
}

setTime(boot.time);
patchDate();
closeNetwork();
/** @type {import('./console.mjs').Output} */
const output = {
  write: (text) => post({ kind: 'log', at: now(), text }),
  requestId: () => current?.requestId,
  json: boot.jsonLogs,
  ...(boot.logLevel && { level: boot.logLevel }),
};
const flush = captureOutput(output);

/**
 * @param {string} label
 * @param {import('../sandbox.js').FunctionError} error
 */
function crash(label, error) {
  writeMessage(output, 'ERROR', [`${label} \t${JSON.stringify(error)}`]);
  flush();
  post({ kind: 'crash', error });
  process.exit(1);
}
process.on('uncaughtException', (error) => crash('Uncaught Exception', errorDocument(error)));
process.on('unhandledRejection', (reason) =>
  crash('Unhandled Promise Rejection', {
    errorType: 'Runtime.UnhandledPromiseRejection',
    errorMessage: reason instanceof Error ? `${reason.name}: ${reason.message}` : String(reason),
    trace: errorDocument(reason).trace,
  }),
);

/** @type {Function | undefined} */
let handler;
try {
  handler = await loadHandler();
  flush();
  post({ kind: 'ready' });
} catch (error) {
  crash('Init Error', errorDocument(error));
}

for (;;) {
  current = await nextInvocation();
  setTime(current.time);
  process.env['_X_AMZN_TRACE_ID'] = current.traceId;
  try {
    const payload = stringify(await handler?.(JSON.parse(current.event), contextOf(current)));
    flush();
    post({ kind: 'done', payload, heap: getHeapStatistics().used_heap_size });
  } catch (error) {
    const document = errorDocument(error);
    writeMessage(output, 'ERROR', [`Invoke Error \t${JSON.stringify(document)}`]);
    flush();
    post({ kind: 'error', error: document, heap: getHeapStatistics().used_heap_size });
  }
}
