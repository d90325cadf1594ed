import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { containersOf } from './sandbox/engine.ts';

export interface TestServer extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly url: string;
  /** Its containers' ids, in whatever state. */
  containers(): Promise<string[]>;
  /** Everything it has written, as it was written. */
  readonly log: string;
}

const root = fileURLToPath(new URL('..', import.meta.url));

const fromSources = [process.execPath, '--import', 'tsx', 'src/main.ts'] as const;

/** The real thing, as a process of its own. */
export function spawnServer(
  environment: Record<string, string>,
  [command, ...args]: readonly [string, ...string[]] = fromSources,
): ChildProcess {
  return spawn(command, args, {
    cwd: root,
    env: { ...process.env, PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Starts a server on a free port and waits until it is ready. */
export async function startServer(
  environment: Record<string, string> = {},
  command?: readonly [string, ...string[]],
): Promise<TestServer> {
  const child = spawnServer(environment, command);
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (bytes: Buffer) => (log += bytes.toString()));
  const url = await until(() => /http:\/\/127\.0\.0\.1:\d+/.exec(log)?.[0], `a server: ${log}`);
  const owner = /"owner":"([0-9a-f-]+)"/.exec(log)?.[1] ?? '';
  await until(async () => ((await fetch(`${url}/readyz`)).ok ? true : undefined), 'readiness');
  return {
    process: child,
    url,
    containers: () => containersOf(owner),
    get log() {
      return log;
    },
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

/** Polls for something other than undefined; throws naming it after `withinMs`. */
export async function until<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`no ${what} within ${withinMs} ms`);
    await delay(50);
  }
}
