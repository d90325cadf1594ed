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

/** The built server with its default settings, but for `poolSize`, as a process of its own, ready. */
export async function startBuiltServer(poolSize = Number(settings.POOL_SIZE.fallback)): Promise<BenchServer> {
  const environment = { NODE_ENV: 'production', POOL_SIZE: String(poolSize) };
  const server = await startServer(environment, [process.execPath, 'dist/main.js']);
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
