// The live protocol through a real server and real sandboxes.
import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, type Client } from '../http/live-app.ts';
import { startServer, type TestServer, until } from '../server.ts';
import { docker } from './engine.ts';

const MIB = 1024 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startServer({ POOL_SIZE: '2', RUN_OUTPUT_BYTES: String(64 * MIB) });
  await until(async () => (await server.containers()).length === 2 || undefined, 'pool');
});
afterAll(() => server[Symbol.asyncDispose]());

async function run(content: string, given: object = {}, at = server): Promise<Client> {
  const client = await connect(`${at.url.replace('http', 'ws')}/api/v2/connect`);
  client.say({ type: 'init', language: 'python', files: [{ content }], ...given });
  return client;
}

const outputOf = ({ messages }: Client) =>
  messages.map(({ type, data }) => (type === 'data' ? (data as string) : '')).join('');
const sees = (client: Client, text: string) =>
  until(
    () => outputOf(client).includes(text) || undefined,
    `"${text}" in ${JSON.stringify(client.messages)}`,
  );

it('shows what is printed when it is printed', async () => {
  const client = await run('import time\nfor n in range(3):\n    print("tick")\n    time.sleep(1)');
  const came: number[] = [];
  client.socket.on(
    'message',
    (data) => void ((data as Buffer).includes('tick') && came.push(performance.now())),
  );
  await client.closed;
  expect(came).toHaveLength(3);
  for (const [earlier, later] of [came.slice(0, 2), came.slice(1)] as [number, number][]) {
    expect(later - earlier).toBeGreaterThan(750);
    expect(later - earlier).toBeLessThan(1250);
  }
});

it('shows the first output within 15 ms of the request', async () => {
  const tookMs: number[] = [];
  for (let n = 0; n < 15; n += 1) {
    const client = await connect(`${server.url.replace('http', 'ws')}/api/v2/connect`);
    const first = new Promise<number>((resolve) => {
      client.socket.on(
        'message',
        (data) => (data as Buffer).includes('"data"') && resolve(performance.now()),
      );
    });
    const sentAt = performance.now();
    client.say({ type: 'init', language: 'python', files: [{ content: 'print("hi")' }] });
    tookMs.push((await first) - sentAt);
    await client.closed;
    await delay(250);
  }
  const median = tookMs.toSorted((a, b) => a - b)[7]!;
  expect(median).toBeLessThan(15);
});

describe('what is typed', () => {
  it('is read line by line, the input of init first', async () => {
    const client = await run('while True: print("got", input())', { stdin: 'first\n' });
    await sees(client, 'got first');
    client.say({ type: 'data', stream: 'stdin', data: 'sécond\n' });
    await sees(client, 'got sécond');
    client.say({ type: 'eof' });
    expect(await client.closed).toEqual([4999, 'Job Completed']);
    expect(outputOf(client)).toContain('EOFError');
  });
});

describe.each(['SIGINT', 'SIGTERM', 'SIGKILL'])('the signal %s', (signal) => {
  it('ends the program, not the launcher', async () => {
    const client = await run('import time\nprint("ready")\ntime.sleep(60)');
    await sees(client, 'ready');
    client.say({ type: 'signal', signal });
    expect(await client.closed).toEqual([4999, 'Job Completed']);
    expect(client.messages.at(-1)).toMatchObject({ type: 'exit', verdict: 'signal', signal, code: null });
  });
});

async function residentBytes(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^process_resident_memory_bytes (\d+)/m.exec(text)?.[1]);
}

describe('a client that stops reading', () => {
  it('holds the program up instead of filling the memory of the server, and can go on', async () => {
    const lines = 500_000;
    const line = 'x'.repeat(79);
    const before = await residentBytes();
    const client = await run(
      `import sys\nfor n in range(${lines / 1000}): sys.stdout.write("${line}\\n" * 1000)\nprint("end")`,
    );
    await until(() => client.messages[3], 'output');
    client.socket.pause();
    await delay(1500);
    const held = await residentBytes();
    expect(held - before).toBeLessThan(20 * MIB);
    client.socket.resume();
    expect(await client.closed).toEqual([4999, 'Job Completed']);
    expect(client.messages.at(-1)).toMatchObject({
      type: 'exit',
      verdict: 'ok',
      truncated: { stdout: false },
    });
    expect(outputOf(client).length).toBe(lines * 80 + 4);
  });
});

/** Whether a process of this machine, as the engine is on it, is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const noneLeft = (of: TestServer) =>
  until(async () => (await of.containers()).length === 0 || undefined, 'end of the containers');

/** How long a program outlives its client, in ms. */
async function outlives(source: string, at: TestServer): Promise<number> {
  const client = await run(source, {}, at);
  await sees(client, 'ready');
  client.socket.pause();
  const [id = ''] = await at.containers();
  const { State } = await docker.getContainer(id).inspect();
  expect(State.Pid).toBeGreaterThan(1); // 0 would be that of none, and 1 that of nobody's
  expect(isAlive(State.Pid)).toBe(true);
  const leftAt = performance.now();
  client.socket.terminate();
  while (isAlive(State.Pid) && performance.now() - leftAt < 1000) await delay(1);
  const tookMs = performance.now() - leftAt;
  await noneLeft(at);
  return tookMs;
}

describe('a client that leaves', () => {
  let alone: TestServer;
  beforeAll(async () => {
    alone = await startServer({ POOL_SIZE: '0', RUN_OUTPUT_BYTES: String(64 * MIB) });
    await fetch(`${alone.url}/api/v2/runtimes`); // asked of a container that is then to be gone
    await noneLeft(alone);
  });
  afterAll(() => alone[Symbol.asyncDispose]());

  it.each([
    ['a busy program', 'print("ready")\nwhile True: pass'],
    ['a program whose output nobody reads', 'print("ready")\nwhile True: print("x" * 1000)'],
    [
      'a program that ignores what it can',
      'import signal, time\nfor n in (1, 2, 15): signal.signal(n, signal.SIG_IGN)\nprint("ready")\ntime.sleep(60)',
    ],
  ])('ends the run of %s within 100 ms', async (_what, source) => {
    const tookMs = [
      await outlives(source, alone),
      await outlives(source, alone),
      await outlives(source, alone),
    ];
    expect(tookMs.toSorted((a, b) => a - b)[1]).toBeLessThan(100);
  });
});

it('a server that is told to stop lets a live program end, and waits for no client to say good-bye', async () => {
  const stopping = await startServer({ POOL_SIZE: '1' });
  const client = await run('import time\nprint("ready")\ntime.sleep(1)\nprint("end")', {}, stopping);
  await sees(client, 'ready');
  const mute = connectTcp(Number(new URL(stopping.url).port), '127.0.0.1');
  mute.write(
    ['GET /api/v2/connect HTTP/1.1', 'Host: x', 'Connection: Upgrade', 'Upgrade: websocket']
      .concat('Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', '', '')
      .join('\r\n'),
  );
  await once(mute, 'data');
  const exited = once(stopping.process, 'exit');
  const toldAt = performance.now();
  stopping.process.kill('SIGTERM');
  expect(await client.closed).toEqual([4999, 'Job Completed']);
  expect(outputOf(client)).toBe('ready\nend\n');
  expect(await exited).toEqual([0, null]);
  expect(performance.now() - toldAt).toBeLessThan(4000);
  mute.destroy();
});
