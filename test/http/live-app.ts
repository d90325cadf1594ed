import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import { createHttpServer } from '../../src/http/upgrade.ts';
import type { RunRequest } from '../../src/run/request.ts';
import type { RunResult } from '../../src/run/result.ts';
import type { RunOptions } from '../../src/run/runner.ts';
import { runResult } from '../run-result.ts';
import { until } from '../server.ts';
import { createFakeApp } from './fake-app.ts';

export const program = { language: 'python', files: [{ content: 'x' }] };

/** What was typed into, and sent to, the program that `hang` pretends to be. */
export interface FakeProgram {
  readonly heard: string[];
  /** Ends it. */
  readonly finish: (result?: RunResult) => void;
  readonly print: NonNullable<RunOptions['onOutput']>;
}

/** A runner whose programs run until they are told to end, or their caller goes away. */
export function createHanging() {
  const programs: FakeProgram[] = [];
  const run = (_request: RunRequest, { signal, onOutput, onStart }: RunOptions) =>
    new Promise<RunResult>((resolve, reject) => {
      const heard: string[] = [];
      signal!.addEventListener('abort', () => reject(signal!.reason as Error));
      const finish = (result = runResult()) => resolve(result);
      programs.push({ heard, finish, print: (chunk) => onOutput?.(chunk) });
      onStart?.({
        write: (text) => void heard.push(text),
        endInput: () => void heard.push('<eof>'),
        signal: (name) => void heard.push(name),
      });
    });
  return { run, programs };
}

/** The fake app behind a port. */
export async function serveFakeApp(options: Parameters<typeof createFakeApp>[0] = {}) {
  const fake = createFakeApp(options);
  const { server, closeAllConnections } = createHttpServer(fake.app);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    ...fake,
    port,
    url: `http://127.0.0.1:${port}`,
    webSocket: `ws://127.0.0.1:${port}/api/v2/connect`,
    close() {
      server.close();
      closeAllConnections();
    },
  };
}

export const init = { type: 'init', ...program };

/** A served app, and a client whose program runs until it is told to end. */
export async function serveRunning(options: Parameters<typeof createFakeApp>[0] = {}) {
  const { run, programs } = createHanging();
  const app = await serveFakeApp({ run, ...options });
  const client = await connect(app.webSocket);
  client.say(init);
  const live = await until(() => programs[0], 'program');
  return { app, client, live, signal: app.signals[0]! };
}

export interface Client {
  readonly socket: WebSocket;
  readonly messages: { type: string; [field: string]: unknown }[];
  /** The close code and its reason. */
  readonly closed: Promise<readonly [number, string]>;
  say(message: unknown): void;
}

/** Connects and resolves once the WebSocket is open. Rejects with the HTTP status of a refusal. */
export async function connect(url: string, headers: Record<string, string> = {}): Promise<Client> {
  const socket = new WebSocket(url, { headers });
  const messages: Client['messages'] = [];
  socket.on('message', (data) => messages.push(JSON.parse((data as Buffer).toString())));
  const closed = new Promise<readonly [number, string]>((resolve) => {
    socket.on('close', (code, reason) => resolve([code, reason.toString()]));
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
    socket.once('unexpected-response', (_req, res) => reject(new Error(String(res.statusCode))));
  });
  socket.on('error', () => {});
  return {
    socket,
    messages,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  };
}
