import { startLocal } from '../local';

/** At this speed the pipe's batching window, a second, is a millisecond; `npm start` does not go so far. */
const speed = 1000;

/** A local system whose batching windows take no time, with the output of `npm start -- --json`. */
async function main(): Promise<void> {
  process.env.TZ = 'UTC';
  const local = await startLocal({ from: process.argv[2]!, port: 0, speed });
  process.on('SIGINT', () => void local.stop().then(() => process.exit(0)));
  const [api] = local.apis;
  const { endpoint, region } = local;
  console.log(JSON.stringify({ ready: true, endpoint, region, orderApi: api!.url + api!.methods[0]!.path }));
  local.timeline.subscribe((hop) => console.log(JSON.stringify(hop)));
}

void main();
