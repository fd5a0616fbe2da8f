import { format } from 'node:util';

const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/**
 * What the lines of a sandbox are written with.
 *
 * @typedef {object} Output
 * @property {(text: string) => void} write takes a line
 * @property {() => string | undefined} requestId of the invocation under way
 * @property {boolean} json the function's log format
 * @property {string} [level] the least severe level written, in JSON format. Default INFO
 */

/**
 * @param {unknown[]} given
 * @returns {object}
 */
function jsonMessage(given) {
  const error = given.find((value) => value instanceof Error);
  const message = given.length === 1 && !error ? given[0] : format(...given);
  if (!error) return { message };
  return {
    message: given.length === 1 ? error.message : message,
    errorType: error.name,
    errorMessage: error.message,
    stackTrace: error.stack?.split('\n').slice(1),
  };
}

/**
 * @param {string} text
 * @returns {Record<string, unknown> | undefined} the JSON object that the text is
 */
function jsonObject(text) {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Writes a message as `console.*` of Lambda's Node.js runtime does.
 *
 * @param {Output} output
 * @param {string} level
 * @param {unknown[]} given
 */
export function writeMessage(output, level, given) {
  const timestamp = new Date().toISOString();
  const requestId = output.requestId();
  if (!output.json) return output.write(`${timestamp}\t${requestId}\t${level}\t${format(...given)}`);
  if (levels.indexOf(level) < levels.indexOf(output.level ?? 'INFO')) return undefined;
  const only = given.length === 1 && typeof given[0] === 'string' ? given[0] : '';
  if (jsonObject(only)) return output.write(only);
  return output.write(JSON.stringify({ timestamp, level, requestId, ...jsonMessage(given) }));
}

/**
 * Takes what is written past the console: lines as they are, in JSON format wrapped unless they are JSON objects,
 * whose own level counts.
 *
 * @param {Output} output
 * @param {string} line
 */
function writeRaw(output, line) {
  if (!output.json) return output.write(line);
  const object = jsonObject(line);
  if (!object) return writeMessage(output, 'INFO', [line]);
  const level = levels.indexOf((typeof object['level'] === 'string' ? object['level'] : 'INFO').toUpperCase());
  if ((level < 0 ? 2 : level) < levels.indexOf(output.level ?? 'INFO')) return undefined;
  return output.write(line);
}

/**
 * Leads console, standard output and standard error to `output`.
 *
 * @param {Output} output
 * @returns writes an unfinished line at the end of an invocation
 */
export function captureOutput(output) {
  const methods = {
    log: 'INFO',
    info: 'INFO',
    warn: 'WARN',
    error: 'ERROR',
    debug: 'DEBUG',
    trace: 'TRACE',
    fatal: 'FATAL',
  };
  for (const [method, level] of Object.entries(methods)) {
    Object.assign(console, { [method]: (/** @type {unknown[]} */ ...given) => writeMessage(output, level, given) });
  }
  const flushes = [process.stdout, process.stderr].map((stream) => {
    let rest = '';
    stream.write = /** @type {any} */ (
      (/** @type {string | Uint8Array} */ chunk, /** @type {any} */ encoding, /** @type {any} */ done) => {
        const lines = (rest + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) if (line) writeRaw(output, line);
        const callback = typeof encoding === 'function' ? encoding : done;
        if (callback) process.nextTick(callback);
        return true;
      }
    );
    return () => {
      if (rest) writeRaw(output, rest);
      rest = '';
    };
  });
  return () => {
    for (const flush of flushes) flush();
  };
}
