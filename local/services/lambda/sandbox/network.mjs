import childProcess from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import workerThreads from 'node:worker_threads';

/** Loopback addresses, `localhost`, and a loopback address behind a prefix, as SDKs make of an endpoint (`sync-127.0.0.1`). */
const loopback = /^(?:(?:.+\.)?localhost|(?:.+[.-])?127\.\d+\.\d+\.\d+|::1|\[::1\])$/i;

/**
 * @param {string} doing
 * @param {string} host
 */
function refusal(doing, host) {
  const error = new Error(`${doing} EACCES ${host}: in the local runtime a function reaches loopback addresses only`);
  return Object.assign(error, { code: 'EACCES', errno: -13, syscall: doing, hostname: host });
}

/** @param {unknown[]} given arguments of `net.Socket.connect`, or those that net has already normalized */
function hostOf(given) {
  const first = Array.isArray(given[0]) ? given[0][0] : given[0];
  if (first !== null && typeof first === 'object')
    return first.path ? `unix:${first.path}` : (first.host ?? 'localhost');
  if (typeof first === 'string' && Number.isNaN(Number(first))) return `unix:${first}`;
  return typeof given[1] === 'string' ? given[1] : 'localhost';
}

/**
 * @param {string} host
 * @param {any} options
 * @param {any} [callback]
 */
function lookup(host, options, callback = options) {
  const answer = { address: '127.0.0.1', family: 4 };
  if (!loopback.test(host)) process.nextTick(callback, refusal('getaddrinfo', host));
  else if (options?.all) process.nextTick(callback, null, [answer]);
  else process.nextTick(callback, null, answer.address, answer.family);
}

/**
 * @param {string} host
 * @param {any} [options]
 */
async function lookupPromise(host, options) {
  if (!loopback.test(host)) throw refusal('getaddrinfo', host);
  const answer = { address: '127.0.0.1', family: 4 };
  return options?.all ? [answer] : answer;
}

/**
 * Replaces functions by ones that refuse.
 *
 * @param {any} owner
 * @param {RegExp} names
 * @param {string} what
 */
function refuse(owner, names, what) {
  for (const name of Object.keys(owner)) {
    if (!names.test(name) || typeof owner[name] !== 'function') continue;
    owner[name] = function refused() {
      throw refusal(name, what);
    };
  }
}

/** Leaves loopback as the only way out of this thread: no other host, no name server, no datagrams, no child process. */
export function closeNetwork() {
  const { connect } = /** @type {{ connect: Function }} */ (net.Socket.prototype);
  net.Socket.prototype.connect =
    /** @type {any} */ (
      /**
       * @this {net.Socket}
       * @param {any[]} given
       */
      function guarded(...given) {
        const host = hostOf(given);
        if (loopback.test(host)) return Reflect.apply(connect, this, given);
        process.nextTick(() => this.destroy(refusal('connect', host)));
        return this;
      }
    );
  Object.assign(dns, { lookup });
  Object.assign(dns.promises, { lookup: lookupPromise });
  refuse(dns, /^(?:resolve|reverse|lookupService)/, 'name servers');
  refuse(dns.promises, /^(?:resolve|reverse|lookupService)/, 'name servers');
  refuse(dgram, /^createSocket$/, 'datagrams');
  refuse(childProcess, /^(?:spawn|exec|fork)/, 'child processes');
  refuse(workerThreads, /^Worker$/, 'threads');
  syncBuiltinESMExports();
}
