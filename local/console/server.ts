import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import type { Local } from '../index';
import type { ActionError } from './actions/action';
import { refusal } from './guard';
import type { Model } from './model';
import type * as routing from './routes';
import { type Restart, showing } from './showing';
import type * as drawing from './svg';

/** The page that shows a running system. */
export interface Console {
  /** `http://127.0.0.1:4567` */
  readonly url: string;
  /** Stops listening and ends all connections. */
  close(): Promise<void>;
}

/** Bytes that the body of a change may have: a message of 1 MiB as JSON text. */
const bodyLimit = 4 * 1_048_576;

/** What a browser may do with the page: load its own files, talk to its own server, and make no markup of text. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const headers = {
  'Content-Security-Policy': policy,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

/**
 * Serves the console on the loopback interface. What draws and counts is loaded when the page is first asked for.
 *
 * @param port to listen on, 0 for a free one; if it is in use, a free one is taken
 * @param restart what a reset does with the system
 */
export async function startConsole(
  local: Local,
  port: number,
  restart: Restart = async (before) => before.restart(),
): Promise<Console> {
  // Not by the seed: nobody may foresee it.
  const token = randomBytes(24).toString('base64url');
  const model = showing(local, restart);
  const server = createServer((request, response) => {
    const { port: listening } = server.address() as AddressInfo;
    serve(request, response, { model: model(), token, port: listening }).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, 500, { error: `The console failed: ${(error as Error).message}` });
    });
  });
  await listen(server, port).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE' || port === 0) throw error;
    await listen(server, 0);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', fail);
      done();
    });
  });
}

interface Served {
  readonly model: Promise<Model>;
  readonly token: string;
  readonly port: number;
}

async function serve(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const refused = refusal(request, served.port, served.token);
  if (refused) return send(response, refused.status, { error: refused.message });
  const url = URL.parse(`http://console${request.url ?? '/'}`);
  if (!url || url.host !== 'console') return send(response, 400, { error: `${request.url} is no path` });
  const model = await served.model;
  if (!url.pathname.startsWith('/api/')) return sendFile(response, url.pathname, model, served.token);
  const { answerChange, answerRead } = require('./routes') as typeof routing;
  const path = url.pathname.slice('/api/'.length);
  try {
    if (request.method === 'POST') {
      const body = await readBody(request);
      if (body === undefined) return send(response, 413, { error: `A body may have ${bodyLimit} bytes` });
      return send(response, 200, await answerChange(model, path, body));
    }
    const answer = await answerRead(model, path, { url, request, response });
    if (answer !== 'streamed') send(response, 200, answer);
  } catch (error) {
    if ((error as Error).name !== 'ActionError') throw error;
    send(response, 400, { error: (error as ActionError).message });
  }
  return undefined;
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(answer));
}

/** The files of the page, by path. */
let files: Map<string, string> | undefined;

function pageFiles(): Map<string, string> {
  const folder = join(__dirname, 'page');
  const names = readdirSync(folder).filter((name) => types[extname(name)]);
  return new Map(names.map((name) => [`/${name}`, readFileSync(join(folder, name), 'utf8')]));
}

function sendFile(response: ServerResponse, path: string, model: Model, token: string): void {
  files ??= pageFiles();
  const name = path === '/' ? '/index.html' : path;
  const file = files.get(name);
  if (file === undefined) return send(response, 404, { error: `There is no ${path}` });
  const { svgOf } = require('./svg') as typeof drawing;
  const body =
    name === '/index.html' ? file.replace('@TOKEN@', token).replace('<!-- map -->', () => svgOf(model.drawing)) : file;
  response.writeHead(200, { ...headers, 'Content-Type': types[extname(name)] });
  response.end(body);
}

/** @returns undefined for one that is too large */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > bodyLimit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
