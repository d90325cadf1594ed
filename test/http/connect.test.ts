import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { limitsWith, runResult } from '../run-result.ts';
import { until } from '../server.ts';
import { connect, createHanging, init, serveFakeApp, serveRunning } from './live-app.ts';

let app: Awaited<ReturnType<typeof serveFakeApp>>;
afterEach(() => app.close());

const serve = async (options: Parameters<typeof serveFakeApp>[0] = {}) => (app = await serveFakeApp(options));
const running = async (options: Parameters<typeof serveFakeApp>[0] = {}) => {
  const served = await serveRunning(options);
  app = served.app;
  return served;
};

describe('a conversation', () => {
  it('tells runtime, stage, output and exit, and is closed', async () => {
    const { client, live } = await running();
    void live.print({ stream: 'stdout', text: 'out' });
    void live.print({ stream: 'stderr', text: 'err' });
    live.finish(runResult({ verdict: 'error', exitCode: 3, output: [] }));
    expect(await client.closed).toEqual([4999, 'Job Completed']);
    expect(client.messages).toEqual([
      { type: 'runtime', language: 'python', version: '3.13.1' },
      { type: 'stage', stage: 'run' },
      { type: 'data', stream: 'stdout', data: 'out' },
      { type: 'data', stream: 'stderr', data: 'err' },
      {
        type: 'exit',
        stage: 'run',
        code: 3,
        signal: null,
        message: null,
        status: 'RE',
        cpu_time: 8,
        wall_time: 8,
        memory: 9_100_000,
        verdict: 'error',
        limit: null,
        truncated: { stdout: false, stderr: false },
        times: { queued: 0, sandbox: 0, run: 8, cpu: 8, total: 9 },
      },
    ]);
  });

  it('tells the same of a program that never came to run', async () => {
    await serve({ run: () => runResult({ verdict: 'memory' }) });
    const client = await connect(app.webSocket);
    client.say(init);
    expect(await client.closed).toEqual([4999, 'Job Completed']);
    expect(client.messages.map(({ type }) => type)).toEqual(['runtime', 'stage', 'exit']);
  });

  it.each(['/api/v2/connect', '/api/v2/piston/connect'])('is had at %s', async (path) => {
    await serve();
    const client = await connect(`ws://127.0.0.1:${app.port}${path}`);
    client.say(init);
    expect(await client.closed).toEqual([4999, 'Job Completed']);
  });

  it('takes what is typed and sent, in order', async () => {
    const { client, live } = await running();
    client.say({ type: 'data', stream: 'stdin', data: 'é\n' });
    client.say({ type: 'signal', signal: 'SIGINT' });
    client.say({ type: 'eof' });
    await until(() => (live.heard.length === 3 ? true : undefined), 'three');
    expect(live.heard).toEqual(['é\n', 'SIGINT', '<eof>']);
    live.finish();
  });

  it('keeps for the program what is said before it runs', async () => {
    const { run, programs } = createHanging();
    let admit = () => {};
    const admitted = new Promise<void>((resolve) => (admit = resolve));
    await serve({ run: (request, options) => admitted.then(() => run(request, options)) });
    const client = await connect(app.webSocket);
    client.say(init);
    for (const data of ['a', 'b\n']) client.say({ type: 'data', stream: 'stdin', data });
    client.say({ type: 'eof' });
    client.say({ type: 'data', stream: 'stdin', data: 'too late' });
    for (let n = 0; n < 3; n += 1) client.say({ type: 'signal', signal: 'SIGTERM' });
    await delay(50);
    expect(client.messages.map(({ type }) => type)).toEqual(['runtime']);
    admit();
    const live = await until(() => programs[0], 'program');
    expect(live.heard).toEqual(['ab\n', '<eof>', 'SIGTERM']);
    live.finish();
  });

  it('is one line in the log, with its run', async () => {
    const { client, live } = await running();
    live.finish();
    await client.closed;
    const line = await until(() => app.logLines[0], 'log line');
    expect(JSON.parse(line)).toMatchObject({
      level: 30,
      msg: 'request completed',
      req: { path: '/api/v2/connect' },
      res: { statusCode: 101 },
      run: { verdict: 'ok' },
    });
  });
});

describe('caps', () => {
  it('hold for what is typed, all of it together', async () => {
    const { client, live } = await running({ limits: limitsWith({ stdinBytes: 10 }) });
    for (const data of ['12345', 'é678']) client.say({ type: 'data', stream: 'stdin', data });
    await until(() => live.heard[1], 'second');
    client.say({ type: 'data', stream: 'stdin', data: '9' });
    expect(await client.closed).toEqual([4002, 'Notified Error']);
    expect(client.messages.at(-1)).toMatchObject({ message: 'stdin is too large: the limit is 10 bytes' });
    expect(live.heard).toEqual(['12345', 'é678']);
  });

  it('hold for a frame', async () => {
    await serve({ bodyBytes: 1000 });
    const client = await connect(app.webSocket);
    client.say('x'.repeat(1001));
    expect((await client.closed)[0]).toBe(1009);
  });

  it('hold a program up whose output is not read', async () => {
    const { client, live } = await running();
    client.socket.pause();
    let taken = 0;
    let heldUp: void | Promise<void> = undefined;
    while (!heldUp && taken < 200) {
      heldUp = live.print({ stream: 'stdout', text: 'x'.repeat(64_000) });
      taken += 1;
      await delay(1);
    }
    expect(heldUp).toBeInstanceOf(Promise);
    client.socket.resume();
    await heldUp;
    live.finish();
    await client.closed;
    expect(client.messages).toHaveLength(taken + 3);
  });
});

it('is closed behind a program that has ended, though its output has not been read', async () => {
  const { client, live, signal } = await running();
  client.socket.pause();
  for (let n = 0; n < 100; n += 1) void live.print({ stream: 'stdout', text: 'x'.repeat(64_000) });
  live.finish();
  await until(() => signal.aborted || undefined, 'closing', 1000); // ws gives up 30 s after it
  client.socket.resume();
  expect(await client.closed).toEqual([4999, 'Job Completed']);
  expect(client.messages.at(-1)).toMatchObject({ type: 'exit' });
});

describe('a client that goes away', () => {
  it.each(['terminate', 'close'] as const)('by %s ends its run', async (how) => {
    const { client, signal } = await running();
    client.socket[how]();
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.reason).toBeInstanceOf(Error);
  });

  it('by breaking the protocol ends its run, though it does not say good-bye', async () => {
    const { client, signal } = await running();
    client.socket.pause();
    const socket: Socket = Reflect.get(client.socket, '_socket');
    socket.write(Buffer.from([0xff, 0xff]));
    await until(() => signal.aborted || undefined, 'end of the run', 1000);
    client.socket.resume();
    expect((await client.closed)[0]).toBe(1002);
  });

  it('is not logged as a failure of ours', async () => {
    const { client } = await running();
    client.socket.terminate();
    const line = await until(() => app.logLines[0], 'log line');
    expect(JSON.parse(line)).toMatchObject({ level: 30, res: { statusCode: 101 } });
    expect(JSON.parse(line)).not.toHaveProperty('err');
  });
});

it('may last longer than a client may take to begin', async () => {
  const { client, live } = await running();
  await delay(1100);
  live.finish();
  expect(await client.closed).toEqual([4999, 'Job Completed']);
});
