import { type Local, startLocal } from './index';
import { type CliOptions, OptionError, readOptions, usage } from './options';
import { hopLine, inventory } from './print';

/** Address of the operation that takes orders: the first `POST` of any API. */
function orderApi({ apis }: Local): string | undefined {
  const posts = apis.flatMap(({ url, paths }) =>
    paths.filter((path) => path.startsWith('POST ')).map((path) => url + path.slice(5)),
  );
  return posts[0];
}

function announce(local: Local, json: boolean): void {
  const url = orderApi(local);
  if (json) {
    console.log(JSON.stringify({ ready: true, endpoint: local.endpoint, region: local.region, orderApi: url }));
    return;
  }
  console.log(inventory(local.resources));
  console.log(`\nAWS endpoint  ${local.endpoint} (region ${local.region}, any credentials)`);
  if (url) {
    console.log(`Order API     ${url}\n\nSend an order:\n`);
    console.log(`  curl -i -X POST ${url} -H 'Content-Type: application/json' -d '{"Status": "CREATED"}'\n`);
  }
  console.log('Ready. Every hop of every event is printed below; Ctrl-C ends.');
}

async function serve(options: CliOptions): Promise<void> {
  const local = await startLocal(options);
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    void local.stop().then(() => process.exit(0));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  announce(local, options.json);
  local.timeline.subscribe((hop) => console.log(options.json ? JSON.stringify(hop) : hopLine(hop)));
}

async function main(): Promise<void> {
  // As in Lambda: the functions' threads take the time zone of this process.
  process.env.TZ = 'UTC';
  const options = readOptions(process.argv.slice(2));
  if (options.help) console.log(usage);
  else await serve(options);
}

main().catch((error: unknown) => {
  const expected = error instanceof OptionError || (error instanceof Error && error.name !== 'TypeError');
  console.error(expected ? error.message : error);
  process.exitCode = 1;
});
