import { EventEmitter, once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Response } from 'express';
import { afterEach, describe, expect, it } from 'vitest';
import { callerLeft } from '../../src/http/caller-left.ts';
import type { RunResult } from '../../src/run/result.ts';
import type { RunOptions } from '../../src/run/runner.ts';
import { runResult } from '../run-result.ts';
import { createFakeApp, FORM } from './fake-app.ts';

let server: Server | undefined;

afterEach(() => server?.closeAllConnections());
afterEach(() => void server?.close());

/** Posts a program to a runner that behaves like `run`, over a connection of its own. */
async function post(run: (options: RunOptions) => Promise<RunResult>) {
  const began = new EventEmitter();
  const fake = createFakeApp({
    run(_request, options) {
      began.emit('run');
      return run(options);
    },
  });
  server = createServer(fake.app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const headers = { 'Content-Type': FORM };
  const client = httpRequest({ port, method: 'POST', path: '/send_code', headers });
  client.on('error', () => {});
  client.end('source_code=1');
  await once(began, 'run');
  return { client, signal: fake.signals[0]!, logLines: fake.logLines };
}

/** As a runner must: it ends when its signal is aborted. */
const hang = ({ signal }: RunOptions) =>
  new Promise<never>((_resolve, reject) => {
    signal!.addEventListener('abort', () => reject(signal!.reason as Error));
  });

describe('a caller who goes away', () => {
  it('before its run begins is noticed all the same', () => {
    const res = { destroyed: true, writableFinished: false } as Response;
    expect(callerLeft(res).aborted).toBe(true);
  });

  it('stops its run', async () => {
    const { client, signal } = await post(hang);
    expect(signal.aborted).toBe(false);
    client.destroy();
    await once(signal, 'abort');
    expect(signal.reason).toBeInstanceOf(Error);
  });

  it('is not logged as a failure of ours', async () => {
    const { client, signal, logLines } = await post(hang);
    client.destroy();
    await once(signal, 'abort');
    await delay(20);
    expect(logLines.map((line) => JSON.parse(line).level)).toEqual([30]);
  });
});

describe('a caller who stays', () => {
  it('does not abort the run, not even when all is over', async () => {
    const { client, signal } = await post(() => delay(10, runResult()));
    const [response] = await once(client, 'response');
    response.resume();
    await once(response, 'close');
    client.destroy();
    await delay(20);
    expect(signal.aborted).toBe(false);
  });
});
