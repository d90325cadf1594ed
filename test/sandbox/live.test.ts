import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from 'vitest';
import type { RunRequest } from '../../src/run/request.ts';
import type { RunResult } from '../../src/run/result.ts';
import type { RunningProgram } from '../../src/run/runner.ts';
import { limitsWith, runRequest } from '../run-result.ts';
import { until } from '../server.ts';
import { createTestRunner } from './engine.ts';

const sandbox = createTestRunner({ limits: limitsWith({ wallMs: 5000 }) });
afterAll(() => sandbox[Symbol.asyncDispose]());

interface LiveRun {
  readonly program: RunningProgram;
  /** What has come so far, both streams. */
  readonly output: string;
  /** Resolves when what has come contains the text. */
  sees(text: string): Promise<void>;
  readonly result: Promise<RunResult>;
}

async function runLive(source: string, given: Partial<RunRequest> = {}): Promise<LiveRun> {
  let output = '';
  const limits = limitsWith({ wallMs: 5000 });
  return new Promise((resolve) => {
    const result = sandbox.runner.run(runRequest({ program: { source }, limits, ...given }), {
      onOutput: ({ text }) => void (output += text),
      onStart: (program) =>
        queueMicrotask(() =>
          resolve({
            program,
            get output() {
              return output;
            },
            async sees(text) {
              await until(() => output.includes(text) || undefined, `"${text}" in "${output}"`, 4000);
            },
            result,
          }),
        ),
    });
  });
}

describe('a program that is typed to', () => {
  it('reads line after line, and answers each before the next', async () => {
    const live = await runLive('while True: print("got", input("> "))', { stdin: 'first\n' });
    await live.sees('got first');
    live.program.write('zweite é\n');
    await live.sees('got zweite é');
    live.program.write('thi');
    live.program.write('rd\n');
    await live.sees('got third');
    live.program.endInput();
    expect(await live.result).toMatchObject({ verdict: 'error', exitCode: 1, output: [] });
    expect(live.output).toContain('EOFError');
  });

  it('does not see the end of its input before it is ended', async () => {
    const live = await runLive('import sys\nprint(len(sys.stdin.read()))');
    live.program.write('x'.repeat(200_000));
    await delay(200);
    expect(live.output).toBe('');
    live.program.endInput();
    await live.sees('200000\n');
    expect(await live.result).toMatchObject({ verdict: 'ok' });
  });

  it('may end while more is typed', async () => {
    const live = await runLive('print("bye")');
    for (let n = 0; n < 50; n += 1) {
      live.program.write('more\n'.repeat(1000));
      await delay(1);
    }
    expect(await live.result).toMatchObject({ verdict: 'ok' });
    live.program.write('and more');
    live.program.endInput();
    live.program.signal('SIGKILL');
  });
});

describe('a signal', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)('%s ends the program, which says so', async (name) => {
    const live = await runLive('import time\nprint("ready")\ntime.sleep(60)');
    await live.sees('ready');
    live.program.signal(name);
    expect(await live.result).toMatchObject({ verdict: 'signal', signal: name, limit: null, exitCode: null });
    expect(live.output.includes('KeyboardInterrupt')).toBe(name === 'SIGINT');
  });

  it('reaches the handler of the program, and only the program', async () => {
    const live = await runLive(`import os, signal, subprocess, time
child = subprocess.Popen(["sleep", "60"])
signal.signal(signal.SIGTERM, lambda *_: print("term", child.poll()))
signal.signal(signal.SIGINT, lambda *_: (print("int", child.poll()), child.kill(), exit(3)))
print("ready")
while True: time.sleep(1)`);
    await live.sees('ready');
    live.program.signal('SIGTERM');
    await live.sees('term None');
    live.program.signal('SIGINT');
    await live.sees('int None');
    expect(await live.result).toMatchObject({ verdict: 'error', exitCode: 3 });
  });

  it('sent at once is not lost, and shows nothing of the launcher', async () => {
    for (const name of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
      const live = await runLive('import time\ntime.sleep(60)');
      live.program.signal(name);
      expect(await live.result).toMatchObject({ verdict: 'signal', signal: name });
      expect(live.output).not.toMatch(/pthread_sigmask|receive_program|read_exactly/);
    }
  });

  it('sent a thousand times over is sent as often as the engine can', async () => {
    const live = await runLive(
      'import signal, time\nsignal.signal(signal.SIGTERM, lambda *_: print("t"))\nprint("ready")\ntime.sleep(1)',
    );
    await live.sees('ready');
    for (let n = 0; n < 1000; n += 1) live.program.signal('SIGTERM');
    expect(await live.result).toMatchObject({ verdict: 'ok' });
    const times = live.output.match(/t\n/g)?.length ?? 0;
    expect(times).toBeGreaterThanOrEqual(1);
    expect(times).toBeLessThanOrEqual(2);
  });
});

describe('output', () => {
  it('comes as it is printed', async () => {
    const came: number[] = [];
    const limits = limitsWith({ wallMs: 5000 });
    const source = 'import time\nfor n in range(4):\n    print(n)\n    time.sleep(0.3)';
    await sandbox.runner.run(runRequest({ program: { source }, limits }), {
      onOutput: ({ text }) => void (/\d/.test(text) && came.push(performance.now())),
    });
    const gaps = came.slice(1).map((at, n) => at - came[n]!);
    expect(gaps).toHaveLength(3);
    for (const gap of gaps) expect(gap).toBeGreaterThan(200);
  });

  it('is held back while its reader is busy, and then comes whole', async () => {
    const source = 'import sys\nfor n in range(50): sys.stdout.write(chr(97 + n % 26) * 10_000)';
    let text = '';
    let busy = 0;
    let most = 0;
    const result = await sandbox.runner.run(
      runRequest({ program: { source }, limits: limitsWith({ wallMs: 5000 }) }),
      {
        onOutput: async (chunk) => {
          busy += chunk.text.length;
          most = Math.max(most, busy);
          text += chunk.text;
          await delay(20);
          busy -= chunk.text.length;
        },
      },
    );
    expect(result).toMatchObject({ verdict: 'ok', truncated: { stdout: false, stderr: false } });
    expect(text.length).toBe(500_000);
    expect(most).toBeLessThan(150_000); // one read from the engine, not all of it
  });

  it('that nobody reads for too long is lost, and the verdict is still the truth', async () => {
    const limits = limitsWith({ wallMs: 1000 });
    const never = () => new Promise<void>(() => {});
    const runUnread = (source: string) =>
      sandbox.runner.run(runRequest({ program: { source }, limits }), { onOutput: never });
    const ended = await runUnread('print("x" * 100_000)');
    expect(ended).toMatchObject({ verdict: 'ok', exitCode: 0, limit: null });
    expect(ended.times.runMs).toBeLessThan(1300);
    expect(ended.truncated.stdout).toBe(true);
    const endless = await runUnread('print("x" * 100_000)\nwhile True: pass');
    expect(endless).toMatchObject({ verdict: 'timeout', limit: { name: 'wall', value: 1000 } });
  });
});
