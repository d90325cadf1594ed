import { afterAll, describe, expect, it } from 'vitest';
import { defaultLimits, type Limits } from '../../src/run/limits.ts';
import { createTestRunner, stderrOf, stdoutOf } from './engine.ts';

const MIB = 1024 * 1024;
const limits: Limits = {
  ...defaultLimits,
  wallMs: 4000,
  cpuMs: 1000, // a quarter of the wall limit: a busy machine may give no more of a core
  memoryBytes: 64 * MIB,
  outputBytes: 64 * 1024,
};
const sandbox = createTestRunner({ limits, poolSize: 3 });
afterAll(() => sandbox[Symbol.asyncDispose]());

/** Of a program that a limit stopped. */
const stopped = (verdict: string, name: string, value: number) => ({
  verdict,
  exitCode: null,
  signal: 'SIGKILL',
  limit: { name, value },
  message: expect.stringMatching(/^Stopped: .* the limit of \d/),
});

describe('the verdict is', () => {
  it.each([
    ['ok', 'print("fine")', { verdict: 'ok', exitCode: 0, signal: null, limit: null, message: null }],
    ['error with the exit code', 'exit(7)', { verdict: 'error', exitCode: 7, signal: null, limit: null }],
    ['error for a traceback', '1/0', { verdict: 'error', exitCode: 1 }],
    ['error for an exit code of 137', 'exit(137)', { verdict: 'error', exitCode: 137, limit: null }],
    ['error for an exit code of 124', 'exit(124)', { verdict: 'error', exitCode: 124, limit: null }],
    [
      'signal for a SIGKILL of its own',
      'import os\nos.kill(os.getpid(), 9)',
      { verdict: 'signal', signal: 'SIGKILL' },
    ],
    ['signal for a crash', 'import ctypes\nctypes.string_at(0)', { verdict: 'signal', signal: 'SIGSEGV' }],
    [
      'signal for a SIGXCPU of its own',
      'import os, signal\nos.kill(os.getpid(), signal.SIGXCPU)',
      { verdict: 'signal', signal: 'SIGXCPU', exitCode: null, limit: null },
    ],
    [
      'timeout for sleeping past the wall limit',
      'import time\ntime.sleep(60)',
      stopped('timeout', 'wall', 4000),
    ],
    ['timeout for stopping itself', 'import os\nos.kill(os.getpid(), 19)', stopped('timeout', 'wall', 4000)],
    ['timeout for burning CPU', 'while True: pass', stopped('timeout', 'cpu', 1000)],
    [
      'timeout for burning CPU in many processes, each below the limit',
      'import os, time\nfor _ in range(8):\n    if os.fork() == 0:\n        while True: pass\ntime.sleep(60)',
      stopped('timeout', 'cpu', 1000),
    ],
    [
      'timeout for burning CPU with every signal ignored',
      'import signal\nfor s in set(signal.valid_signals()) - {9, 19}: signal.signal(s, signal.SIG_IGN)\nwhile True: pass',
      stopped('timeout', 'cpu', 1000),
    ],
    ['memory for one huge string', "x = 'x' * 10**10", stopped('memory', 'memory', 64 * MIB)],
    [
      'memory for growing step by step',
      'x = []\nwhile True: x.append(bytearray(1 << 20))',
      stopped('memory', 'memory', 64 * MIB),
    ],
    ['output for a flood on stdout', 'while True: print("x")', stopped('output', 'stdout', 64 * 1024)],
    [
      'output for a flood on stderr',
      'import os\nwhile True: os.write(2, b"y" * 5000)',
      stopped('output', 'stderr', 64 * 1024),
    ],
    [
      'output for one large write',
      'import os\nos.write(1, b"z" * 200_000)',
      stopped('output', 'stdout', 64 * 1024),
    ],
    [
      'ok when the output is just at the cap',
      'import os\nos.write(1, b"z" * 65536)',
      { verdict: 'ok', limit: null },
    ],
  ])('%s', async (_name, source, expected) => {
    expect(await sandbox.run(source)).toMatchObject(expected);
  });
});

it('follows the end of the program itself when only a child ran out of memory, and says so', async () => {
  const result = await sandbox.run(
    `import os
pid = os.fork()
if pid == 0:
    x = 'x' * 10**10
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))`,
  );
  expect(result).toMatchObject({ verdict: 'ok', exitCode: 0, message: expect.stringContaining('64 MB') });
  expect(stdoutOf(result)).toBe('-9\n');
});

it('ends with the program, though what it started lives on', async () => {
  const result = await sandbox.run(
    `import os
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True: pass
    os._exit(0)
print("done")`,
  );
  expect(result).toMatchObject({ verdict: 'ok', exitCode: 0 });
  expect(result.times.runMs).toBeLessThan(1000);
});

describe('a program that was stopped keeps', () => {
  it('what it had printed, without a line end and without a flush', async () => {
    const result = await sandbox.run('print("half a line", end="")\nwhile True: pass');
    expect(stdoutOf(result)).toBe('half a line');
  });

  it('exactly the first bytes up to the cap, and says which stream was cut', async () => {
    const result = await sandbox.run(
      'import sys\nprint("on the other", file=sys.stderr)\nwhile True: print("0123456")',
    );
    expect(stdoutOf(result)).toBe('0123456\n'.repeat(8192));
    expect(stderrOf(result)).toBe('on the other\n');
    expect(result.truncated).toEqual({ stdout: true, stderr: false });
  });

  it('its CPU time and its memory, whichever limit it was', async () => {
    const wall = await sandbox.run('import time\nx = bytearray(20 << 20)\ntime.sleep(60)');
    const flood = await sandbox.run('x = bytearray(20 << 20)\nwhile True: print(x[:5000])');
    for (const { memoryBytes, times } of [wall, flood]) {
      expect(memoryBytes).toBeGreaterThan(20 * MIB);
      expect(memoryBytes).toBeLessThanOrEqual(64 * MIB);
      expect(times.cpuMs).toBeGreaterThan(0);
    }
  });
});

it('stops at the wall limit, not long after it', async () => {
  const { times } = await sandbox.run('import time\ntime.sleep(60)', { limits: { ...limits, wallMs: 500 } });
  expect(times.runMs).toBeGreaterThanOrEqual(499);
  expect(times.runMs).toBeLessThan(700);
});

it('counts the CPU time of all processes together', async () => {
  const busy = 'import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass';
  const result = await sandbox.run(`import os\nchild = os.fork()\n${busy}\nif child: os.wait()`);
  expect(result.times.cpuMs).toBeGreaterThan(550);
});

it('measures five times that add up', async () => {
  const { times } = await sandbox.run('import time\ntime.sleep(0.2)');
  const { queuedMs, sandboxMs, runMs, cpuMs, totalMs } = times;
  expect(runMs).toBeGreaterThan(200);
  expect(cpuMs).toBeLessThan(200);
  expect(queuedMs + sandboxMs + runMs).toBeLessThanOrEqual(totalMs);
  expect(totalMs - (queuedMs + sandboxMs + runMs)).toBeLessThan(20);
});

it('tells streams apart and keeps the order in which they came', async () => {
  const result = await sandbox.run(
    'import sys, time\nfor n in range(3):\n    print(n)\n    time.sleep(0.1)\n    print(-n, file=sys.stderr)\n    time.sleep(0.1)',
  );
  expect(result.output).toEqual(
    [0, 1, 2].flatMap((n) => [
      { stream: 'stdout', text: `${n}\n` },
      { stream: 'stderr', text: `${n === 0 ? '' : '-'}${n}\n` },
    ]),
  );
});
