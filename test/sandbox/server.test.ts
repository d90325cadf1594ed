import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { labels } from '../../src/sandbox/container-options.ts';
import { sweep } from '../../src/sandbox/sweeper.ts';
import { docker, image } from './engine.ts';
import { spawnServer, startServer, until } from '../server.ts';

function post(url: string, source: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${url}/send_code`, {
    method: 'POST',
    body: source,
    headers: { 'Content-Type': 'text/x-python', ...headers },
  });
}

const form = (source_code: string, stdin = '') => new URLSearchParams({ source_code, stdin });

describe('a server', () => {
  it('answers a form, a bare body and a program that wants JSON', async () => {
    await using server = await startServer({ POOL_SIZE: '2' });
    const answer = await fetch(`${server.url}/send_code`, {
      method: 'POST',
      body: form('print("hi", input())', 'Ada'),
    });
    expect(await answer.text()).toBe('From docker: hi Ada');
    expect(answer.headers.get('X-Run-Verdict')).toBe('ok');
    expect(await (await post(server.url, 'print("hi")')).text()).toBe('From docker: hi');
    const json = (await (await post(server.url, 'exit(3)', { Accept: 'application/json' })).json()) as object;
    expect(json).toMatchObject({ language: 'python', version: expect.stringMatching(/^3\.\d+\.\d+/) });
    expect(json).toMatchObject({ run: { code: 3, verdict: 'error', status: 'RE' } });
  });

  it('says in its log which container ran, and not what', async () => {
    await using server = await startServer({ POOL_SIZE: '1', LOG_LEVEL: 'trace' });
    await post(server.url, 'print("a secret " + "output")');
    await until(() => /"verdict":"ok"/.exec(server.log) ?? undefined, 'log line');
    expect(server.log).toMatch(/"run":\{"id":"[0-9a-f-]{36}","verdict":"ok"/);
    expect(server.log).not.toMatch(/secret/);
  });

  it('ends the run of a caller who hangs up', async () => {
    await using server = await startServer({ POOL_SIZE: '0' });
    const caller = new AbortController();
    const answer = fetch(`${server.url}/send_code`, {
      method: 'POST',
      body: form('while True: pass'),
      signal: caller.signal,
    });
    await until(async () => ((await server.containers()).length > 0 ? true : undefined), 'container');
    await delay(500);
    caller.abort();
    await expect(answer).rejects.toThrow('abort');
    await until(async () => ((await server.containers()).length === 0 ? true : undefined), 'end of it', 2000);
  });

  it('killed outright leaves nothing behind, neither waiting nor running', async () => {
    const wallMs = 5000;
    const server = await startServer({ POOL_SIZE: '3', MAX_RUNNING: '8', RUN_WALL_MS: String(wallMs) });
    const waitingAndRunning = async () => (await server.containers()).length;
    for (let n = 0; n < 4; n += 1) void post(server.url, 'import time\ntime.sleep(60)').catch(() => {});
    await until(
      async () => ((await waitingAndRunning()) === 7 ? true : undefined),
      'full pool and four runs',
    );
    await delay(1000); // let the refill settle: what is only created when its server dies is the sweeper's
    server.process.kill('SIGKILL');
    const killedAt = Date.now();
    await until(async () => ((await waitingAndRunning()) <= 4 ? true : undefined), 'end of the pool', 3000);
    const left = wallMs + 2000 - (Date.now() - killedAt);
    await until(async () => ((await waitingAndRunning()) === 0 ? true : undefined), 'end of the runs', left);
    expect(await server.containers()).toEqual([]);
  });

  it.each([
    ['', undefined],
    [' to npm', ['npm', 'start'] as const],
  ])(
    'on SIGTERM%s answers what runs, refuses what comes, and leaves nothing behind',
    async (_to, command) => {
      const server = await startServer({ POOL_SIZE: '2' }, command);
      const answer = post(server.url, 'import time\ntime.sleep(1)\nprint("in time")');
      await delay(300);
      server.process.kill('SIGTERM');
      await delay(100);
      await expect(post(server.url, 'print()')).rejects.toThrow('fetch failed');
      expect(await (await answer).text()).toBe('From docker: in time');
      await until(
        async () => ((await server.containers()).length === 0 ? true : undefined),
        'end of the pool',
        5000,
      );
      await until(() => server.process.exitCode ?? server.process.signalCode ?? undefined, 'exit');
      expect(server.process.exitCode).toBe(0);
      expect(server.log).toContain('"msg":"stopped"');
    },
  );

  it('refuses an unusable environment, naming all that is wrong with it', async () => {
    const child = spawnServer({ PORT: 'eighty', RUN_WALL_MS: '0', LOG_LEVEL: 'loud' });
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toEqual([
      'PORT must be a whole number from 0 to 65535, not "eighty"',
      'RUN_WALL_MS must be a whole number from 1 to 86400000, not "0"',
      expect.stringMatching(/^LOG_LEVEL must be one of .*, not "loud"$/),
    ]);
  });
});

it('ends at once, in one plain line, when its port is taken', async () => {
  await using server = await startServer({ POOL_SIZE: '0' });
  const child = spawnServer({ PORT: new URL(server.url).port });
  let said = '';
  child.stderr?.on('data', (bytes: Buffer) => (said += bytes.toString()));
  const [code] = (await once(child, 'exit')) as [number];
  expect([code, said]).toEqual([1, expect.stringMatching(/^Error: listen EADDRINUSE.*\n$/)]);
});

it('a sweep removes what is past its deadline, whoever made it, and nothing else', async () => {
  const make = (deadline: number) =>
    docker.createContainer({
      Image: image.image,
      Cmd: ['true'],
      Labels: { [labels.owner]: 'sweep-test', [labels.deadline]: String(deadline) },
    });
  const now = Date.now();
  const [past, coming] = await Promise.all([make(now - 1), make(now + 60_000)]);
  try {
    expect(await sweep(docker, now)).toBe(1);
    await expect(past.inspect()).rejects.toMatchObject({ statusCode: 404 });
    expect((await coming.inspect()).State.Status).toBe('created');
  } finally {
    await coming.remove();
  }
});
