import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { settings } from '../src/config.ts';
import { startServer, until } from '../test/server.ts';
import { type Client, createClient } from './client.ts';

export interface BenchServer extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly client: Client;
  containers(): Promise<string[]>;
  /** Waits until all sandboxes that it keeps are ready, and its engine has had a moment to put its things away. */
  settled(): Promise<void>;
}

const SETTLE_MS = 500;

const root = new URL('..', import.meta.url);
const { scripts } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as {
  scripts: { start: string };
};

/** The built server as `npm start` starts it, with its default settings but for `poolSize`, ready. */
export async function startBuiltServer(poolSize = Number(settings.POOL_SIZE.fallback)): Promise<BenchServer> {
  const server = await startServer({ POOL_SIZE: String(poolSize) }, ['sh', '-c', scripts.start]);
  const client = createClient(server.url);
  const bench = {
    url: server.url,
    pid: server.process.pid!,
    client,
    containers: () => server.containers(),
    async settled() {
      const ready = () => client.metric('katabox_sandboxes{state="ready"}');
      await until(async () => ((await ready()) === poolSize ? true : undefined), 'full pool', 60_000);
      await delay(SETTLE_MS);
    },
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server[Symbol.asyncDispose]();
    },
  };
  await bench.settled();
  return bench;
}
