import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/run/limits.ts';
import { BusyError, SandboxUnavailableError } from '../../src/run/runner.ts';
import { until } from '../server.ts';
import {
  containersOf,
  createTestRunner,
  docker,
  expectNoContainers,
  image,
  stdoutOf,
  type TestRunner,
} from './engine.ts';

/** Waits until there are as many containers, and as many of the state as the runner itself counts; a container that the
 * engine calls running may still have to boot. Their ids. */
const containersWith = ({ runner, owner }: TestRunner, state: 'ready' | 'running', count: number) =>
  until(async () => {
    if (runner.counts[state] !== count) return undefined;
    const ids = await containersOf(owner);
    return ids.length === count ? ids : undefined;
  }, `${count} ${state}`);

it('runs a hundred programs at once without mixing them up', async () => {
  await using sandbox = createTestRunner({ poolSize: 4 });
  const results = await Promise.all(
    Array.from({ length: 100 }, (_, n) =>
      sandbox.run(`import os, sys\nopen("mine", "x").write("${n}")\nprint(${n}, os.listdir("."), input())`, {
        stdin: `in ${n}\n`,
      }),
    ),
  );
  expect(results.map(stdoutOf)).toEqual(results.map((_, n) => `${n} ['mine'] in ${n}\n`));
  expect(new Set(results.map(({ id }) => id)).size).toBe(100);
});

it('gives each run a container of its own, labelled with its id, that is gone behind the answer', async () => {
  await using sandbox = createTestRunner({ poolSize: 0 });
  const running = sandbox.run('import socket, time\nprint(socket.gethostname())\ntime.sleep(2)');
  const [id = ''] = await containersWith(sandbox, 'running', 1);
  const { Config } = await docker.getContainer(id).inspect();
  const result = await running;
  expect(Config.Labels['katabox.run']).toBe(result.id);
  expect(Config.Cmd?.slice(0, 3)).toEqual(['python', '-u', '-c']);
  expect(JSON.stringify(Config)).not.toContain('gethostname');
  await expectNoContainers(sandbox.owner);
});

describe('the pool', () => {
  it('keeps as many ready as it is told and replaces each one that is taken', async () => {
    await using sandbox = createTestRunner({ poolSize: 2 });
    const before = await containersWith(sandbox, 'ready', 2);
    const { times } = await sandbox.run('print("warm")');
    expect(times.sandboxMs).toBeLessThan(10);
    const after = await containersWith(sandbox, 'ready', 2);
    expect(after.filter((id) => before.includes(id))).toHaveLength(1);
  });

  it('makes each sandbox on demand when its size is 0', async () => {
    await using sandbox = createTestRunner({ poolSize: 0 });
    await delay(300);
    expect(await containersOf(sandbox.owner)).toEqual([]);
    const { times, verdict } = await sandbox.run('print("cold")');
    expect(verdict).toBe('ok');
    expect(times.sandboxMs).toBeGreaterThan(20);
  });

  it('notices a sandbox that died while it waited and replaces it', async () => {
    await using sandbox = createTestRunner({ poolSize: 2 });
    const [first = ''] = await containersWith(sandbox, 'ready', 2);
    await docker.getContainer(first).remove({ force: true });
    await until(
      async () => ((await containersOf(sandbox.owner)).includes(first) ? undefined : true),
      'removal',
    );
    expect(await containersWith(sandbox, 'ready', 2)).not.toContain(first);
    expect(stdoutOf(await sandbox.run('print("fine")'))).toBe('fine\n');
  });
});

describe('the caller going away', () => {
  it('ends the program and destroys its container', async () => {
    await using sandbox = createTestRunner({ poolSize: 0 });
    const caller = new AbortController();
    const run = sandbox.run('while True: pass', { signal: caller.signal });
    await containersWith(sandbox, 'running', 1);
    const reason = new Error('gone');
    caller.abort(reason);
    await expect(run).rejects.toBe(reason);
    await expectNoContainers(sandbox.owner, 2000);
  });

  it('while it waits for its turn runs nothing', async () => {
    await using sandbox = createTestRunner({
      poolSize: 1,
      admission: { maxRunning: 1, maxWaiting: 1, maxWaitMs: 9e3 },
    });
    const first = sandbox.run('import time\ntime.sleep(0.5)');
    await expect(sandbox.run('print("never")', { signal: AbortSignal.timeout(50) })).rejects.toThrow(
      'timeout',
    );
    expect((await first).verdict).toBe('ok');
  });
});

describe('a run is refused', () => {
  it('with BusyError when too many wait', async () => {
    await using sandbox = createTestRunner({
      poolSize: 1,
      admission: { maxRunning: 1, maxWaiting: 0, maxWaitMs: 9e3 },
    });
    const first = sandbox.run('import time\ntime.sleep(0.3)');
    await expect(sandbox.run('print()')).rejects.toBeInstanceOf(BusyError);
    expect((await first).verdict).toBe('ok');
  });

  it('with SandboxUnavailableError when no engine answers', async () => {
    const nobody = new Docker({ socketPath: '/nonexistent/docker.sock' });
    const sandbox = createTestRunner({ docker: nobody, poolSize: 1 });
    await expect(sandbox.run('print()')).rejects.toBeInstanceOf(SandboxUnavailableError);
    expect(await sandbox.runner.whyNotReady()).toMatch(/no Docker socket/);
    await sandbox.runner.close(0);
  });

  it('with SandboxUnavailableError naming the image that is not to be had', async () => {
    const missing = { ...image, image: 'localhost:1/katabox-no-such-image:1' };
    await using sandbox = createTestRunner({ image: missing, poolSize: 0 });
    await expect(sandbox.run('print()')).rejects.toThrow(/katabox-no-such-image/);
    expect(await sandbox.runner.whyNotReady()).toMatch(/katabox-no-such-image/);
  });

  it('with SandboxUnavailableError when the image has no launcher that gets ready', async () => {
    await using sandbox = createTestRunner({ image: { ...image, command: ['true'] }, poolSize: 0 });
    await expect(sandbox.run('print()')).rejects.toThrow(
      'Could not create a sandbox: it ended before it was ready',
    );
  });

  it('with SandboxUnavailableError when its container is removed under it, and the next run is fine', async () => {
    await using sandbox = createTestRunner({ poolSize: 0 });
    const run = sandbox.run('import time\ntime.sleep(5)');
    const [id = ''] = await containersWith(sandbox, 'running', 1);
    await docker.getContainer(id).remove({ force: true });
    await expect(run).rejects.toBeInstanceOf(SandboxUnavailableError);
    expect((await sandbox.run('print()')).verdict).toBe('ok');
  });
});

it('is ready when a sandbox is', async () => {
  await using sandbox = createTestRunner({ poolSize: 1 });
  await containersWith(sandbox, 'ready', 1);
  expect(await sandbox.runner.whyNotReady()).toBeNull();
});

it('does not wait for a program that never reads its stdin', async () => {
  await using sandbox = createTestRunner();
  const result = await sandbox.run('print("not listening")', { stdin: 'x'.repeat(defaultLimits.stdinBytes) });
  expect(result.verdict).toBe('ok');
  expect(result.times.runMs).toBeLessThan(2000);
});

it('closes by letting what runs end, and leaves nothing behind', async () => {
  const sandbox = createTestRunner({ poolSize: 3 });
  const run = sandbox.run('import time\ntime.sleep(0.5)\nprint("ended")');
  await delay(100);
  const closed = sandbox.runner.close(5000);
  await expect(sandbox.run('print()')).rejects.toThrow('Shutting down');
  expect(stdoutOf(await run)).toBe('ended\n');
  await closed;
  await expectNoContainers(sandbox.owner);
  expect(sandbox.errors).toEqual([]);
});

it('closes within its bound though a program runs on', async () => {
  const sandbox = createTestRunner({ poolSize: 1 });
  const run = sandbox.run('import time\ntime.sleep(60)');
  const ending = run.catch((error: unknown) => error);
  await delay(300);
  const startedAt = Date.now();
  await sandbox.runner.close(200);
  expect(await ending).toBeInstanceOf(SandboxUnavailableError);
  expect(Date.now() - startedAt).toBeLessThan(3000);
  await expectNoContainers(sandbox.owner);
});
