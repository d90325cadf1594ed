import { afterAll, describe, expect, it } from 'vitest';
import { createTestRunner, docker, containersOf, stdoutOf, expectNoContainers } from './engine.ts';
import { SandboxUnavailableError } from '../../src/run/runner.ts';
import { limitsWith, runRequest } from '../run-result.ts';
import { until } from '../server.ts';

const sandbox = createTestRunner();
afterAll(() => sandbox[Symbol.asyncDispose]());

const MIB = 1024 * 1024;

describe('a memory limit of its own', () => {
  it('is that of its container, which is made for it and not taken from the pool', async () => {
    await using cold = createTestRunner({ poolSize: 0 });
    const limits = limitsWith({ memoryBytes: 64 * MIB });
    const running = cold.run('import time\ntime.sleep(1)', { limits });
    const { HostConfig } = await until(async () => {
      const [id] = await containersOf(cold.owner);
      if (id === undefined) return undefined;
      const inspected = docker.getContainer(id).inspect();
      return inspected.catch(() => undefined); // listed a moment before it can be looked at
    }, 'container');
    expect([HostConfig.Memory, HostConfig.MemorySwap]).toEqual([64 * MIB, 64 * MIB]);
    expect((await running).verdict).toBe('ok');
    await expectNoContainers(cold.owner);
  });

  it('stops what the limit of the server would not', async () => {
    const source = 'x = "x" * (80 * 2**20)\nprint(len(x))';
    expect(stdoutOf(await sandbox.run(source))).toBe(`${80 * MIB}\n`);
    const limits = limitsWith({ memoryBytes: 64 * MIB });
    expect(await sandbox.run(source, { limits })).toMatchObject({
      verdict: 'memory',
      limit: { name: 'memory', value: 64 * MIB },
      exitCode: null,
      signal: 'SIGKILL',
    });
  });

  it.each([1, 4096, 6 * MIB - 1, 6 * MIB, 7 * MIB])(
    'of %i bytes, less than the interpreter needs, is a result',
    async (memoryBytes) => {
      const result = await sandbox.run('print("hi")', { limits: limitsWith({ memoryBytes }) });
      expect(result).toMatchObject({ verdict: 'memory', limit: { name: 'memory', value: memoryBytes } });
      expect(result.version).toMatch(/^3\./);
    },
  );

  it.each([8, 9, 9.5, 10, 10.5, 11, 12, 13])('of %d MiB, about what it needs, is a result', async (mib) => {
    const limits = limitsWith({ memoryBytes: mib * MIB });
    const { verdict, output } = await sandbox.run('print("hi")', { limits });
    const printed = output.map(({ text }) => text).join('');
    expect([`ok: hi\n`, 'memory: ', 'memory: hi\n']).toContain(`${verdict}: ${printed}`);
  });

  // At 10 MiB the interpreter boots here, and a file is too much: the kernel kills while the program is handed over.
  it.each([9.5, 9.75, 10, 10.125, 10.25, 10.5, 11])(
    'of %d MiB is what a program dies of that is too large to be handed over',
    async (mib) => {
      const limits = limitsWith({ memoryBytes: mib * MIB });
      const content = Buffer.from(`print("hi")\n#${'x'.repeat(900_000)}`);
      const program = { files: [{ name: 'main.py', content }] } as const;
      for (let n = 0; n < 3; n += 1) {
        const { verdict } = await sandbox.run('', { program, limits });
        expect(['memory', 'ok']).toContain(verdict); // `ok` where another image needs less
      }
    },
  );

  it('is the verdict though the kernel kills the launcher, when the program takes care to be smaller', async () => {
    const source = `
import os
print('before')
with open('/proc/self/oom_score_adj', 'w') as score: score.write('0')
os.execv('/bin/sh', ['sh', '-c', 'for d in /tmp /box /dev/shm; do cat /dev/zero >$d/zeros; done'])`;
    const memoryBytes = 40 * MIB;
    const result = await sandbox.run(source, { limits: limitsWith({ memoryBytes }) });
    expect(result).toMatchObject({ verdict: 'memory', limit: { name: 'memory', value: memoryBytes } });
    expect(stdoutOf(result)).toBe('before\n');
  });

  it('is not the verdict when somebody removes the container, though a child had run out of memory', async () => {
    await using cold = createTestRunner({ poolSize: 0 });
    const source = `
import subprocess, sys, time
print(subprocess.run([sys.executable, '-c', 'x = bytearray(100 << 20)']).returncode)
time.sleep(60)`;
    let printed = '';
    const limits = limitsWith({ memoryBytes: 64 * MIB });
    const run = cold.runner.run(runRequest({ program: { source }, limits }), {
      onOutput: ({ text }) => void (printed += text),
    });
    run.catch(() => {});
    await until(() => printed === '-9\n' || undefined, 'end of the child');
    const [id = ''] = await containersOf(cold.owner);
    await docker.getContainer(id).remove({ force: true });
    await expect(run).rejects.toBeInstanceOf(SandboxUnavailableError);
  });

  it('leaves nothing behind when its caller goes away while it is made', async () => {
    await using cold = createTestRunner({ poolSize: 0 });
    const limits = limitsWith({ memoryBytes: 64 * MIB });
    await expect(cold.run('print()', { limits, signal: AbortSignal.timeout(20) })).rejects.toThrow('timeout');
    await cold.runner.close(0);
    await expectNoContainers(cold.owner);
  });
});

it('a lower time and CPU time fire in a pooled sandbox', async () => {
  const wall = await sandbox.run('import time\ntime.sleep(5)', { limits: limitsWith({ wallMs: 300 }) });
  expect(wall).toMatchObject({ verdict: 'timeout', limit: { name: 'wall', value: 300 } });
  const cpu = await sandbox.run('while True: pass', { limits: limitsWith({ cpuMs: 200 }) });
  expect(cpu).toMatchObject({ verdict: 'timeout', limit: { name: 'cpu', value: 200 } });
});

describe('the runtimes', () => {
  it('are what the image tells, asked once and without wasting a sandbox', async () => {
    const [runtime] = await sandbox.runner.runtimes();
    const printed = await sandbox.run('import platform\nprint(platform.python_version())');
    expect(runtime).toEqual({
      language: 'python',
      version: stdoutOf(printed).trim(),
      aliases: ['py', 'py3', 'python3'],
    });
  });

  it('are known without a pool, too, and nothing is left of the asking', async () => {
    await using cold = createTestRunner({ poolSize: 0 });
    expect((await cold.runner.runtimes())[0]?.version).toMatch(/^3\.\d+\.\d+/);
    await expectNoContainers(cold.owner);
  });
});
