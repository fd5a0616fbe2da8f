import { constants } from 'node:os';
import { startConsole } from './console/server';
import { type Local, startLocal } from './index';
import { linesTo } from './lines';
import { type CliOptions, OptionError, readOptions, usage } from './options';
import { onParentGone } from './parent';
import { hopLine, inventory } from './print';
import { afterRealTime } from './real-time';
import type { Hop } from './timeline';

interface OrderApi {
  readonly url: string;
  readonly signed: boolean;
}

/** The operation that takes orders: the first `POST` of any API. */
function orderApiOf({ apis }: Local): OrderApi | undefined {
  return apis.flatMap(({ url, methods }) =>
    methods.filter(({ httpMethod }) => httpMethod === 'POST').map(({ path, signed }) => ({ url: url + path, signed })),
  )[0];
}

/** A command that sends an order, to paste into a terminal. */
function curl({ url, signed }: OrderApi, region: string): string {
  const signature = signed ? `--aws-sigv4 aws:amz:${region}:execute-api --user local:local ` : '';
  return `curl -i ${signature}-X POST ${url} -H 'Content-Type: application/json' -d '{"Status": "CREATED"}'`;
}

function announce(local: Local, page: string, json: boolean): void {
  const { endpoint, region } = local;
  const orderApi = orderApiOf(local);
  if (json) {
    console.log(JSON.stringify({ ready: true, endpoint, region, orderApi: orderApi?.url, console: page }));
    return;
  }
  console.log(inventory(local.resources));
  console.log(`\nAWS endpoint  ${endpoint} (region ${region}, any credentials)`);
  console.log(`Console       ${page}`);
  if (orderApi) {
    console.log(`Order API     ${orderApi.url}\n\nSend an order:\n\n  ${curl(orderApi, region)}\n`);
  }
  console.log('Ready. Every hop of every event is printed below; Ctrl-C ends.');
}

/** The port after that of the endpoint; a free one where there is none, or where any will do. */
const consolePort = (port: number) => (port === 0 || port === 65_535 ? 0 : port + 1);

/** Milliseconds that an orderly end may take. */
const patience = 800;

/** Ends at once with the code that a shell gives to a process that a signal killed: there was nothing to serve yet. */
function interrupted(signal: NodeJS.Signals): void {
  process.exit(128 + constants.signals[signal]);
}

async function serve(options: CliOptions): Promise<void> {
  let stop = interrupted;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  onParentGone(() => stop('SIGHUP'));
  // Whoever read the output is gone.
  process.stdout.on('error', () => stop('SIGHUP'));
  const lines = linesTo(process.stdout);
  const print = (hop: Hop) => lines.write(options.json ? JSON.stringify(hop) : hopLine(hop));
  let ending: Promise<void> | undefined;
  let local = await startLocal(options);
  const page = await startConsole(local, consolePort(options.port), async (before) => {
    local = await before.restart().catch((error: unknown) => {
      if (!ending) fail(error);
      throw error;
    });
    lines.flush();
    if (options.json) announce(local, page.url, true);
    else console.log('\nReset: everything is as after the start.');
    follow(local, print);
    return local;
  });
  const end = () => {
    lines.flush();
    process.exit(0);
  };
  stop = () => {
    ending ??= Promise.all([page.close(), local.stop()]).then(end);
    afterRealTime(patience, end);
  };
  announce(local, page.url, options.json);
  follow(local, print);
}

/** Prints what went wrong so far, then each hop. */
function follow({ timeline }: Local, print: (hop: Hop) => void): void {
  for (const hop of timeline.hops.filter(({ outcome }) => outcome !== 'ok')) print(hop);
  timeline.subscribe(print);
}

/** Ends with what went wrong, as soon as the page has heard of it. */
function fail(error: unknown): void {
  complain(error);
  afterRealTime(patience, () => process.exit());
}

async function main(): Promise<void> {
  // As in Lambda: the functions' threads take the time zone of this process.
  process.env.TZ = 'UTC';
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await serve(options);
}

function complain(error: unknown): void {
  const expected = error instanceof OptionError || (error instanceof Error && error.name !== 'TypeError');
  console.error(expected ? error.message : error);
  process.exitCode = 1;
}

// After a turn: Ctrl-C ends the synthesis too, and that is no failure of it.
main().catch((error: unknown) => setImmediate(complain, error));
