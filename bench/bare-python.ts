import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { quantile } from './statistics.ts';

/** Starts the interpreter that starts it, over and over: Node's own `spawn` would add 1.5 ms to each. */
const STOPWATCH = `
import os, sys, time
for _ in sys.stdin:
    began = time.perf_counter()
    ours, theirs = os.pipe()
    child = os.posix_spawn(sys.argv[1], ['python3', '-c', 'print("hi")'], os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, theirs, 1), (os.POSIX_SPAWN_CLOSE, ours)])
    os.close(theirs)
    while os.read(ours, 4096): pass
    _, status = os.waitpid(child, 0)
    os.close(ours)
    print((time.perf_counter() - began) * 1000 if status == 0 else 'failed', flush=True)
`;

const TRIALS = 5;

export interface BarePython extends Disposable {
  /** The interpreter's path. */
  readonly path: string;
  /** ms from before the spawn until its output has been read and it has been waited for. */
  measure(): Promise<number>;
}

/**
 * The reference: `python3 -c 'print("hi")'` on the host, by the fastest `python3` on the PATH: a shim like pyenv's takes
 * many times as long, and would flatter us.
 */
export async function findBarePython(searchPath: string): Promise<BarePython> {
  const candidates = searchPath.split(delimiter).map((folder) => join(folder, 'python3'));
  const tried: { stopwatch: BarePython; ms: number }[] = [];
  for (const path of candidates.filter(isExecutable)) tried.push(await tryOut(createStopwatch(path)));
  const [fastest, ...others] = tried.toSorted((a, b) => a.ms - b.ms);
  if (!fastest) throw new Error('There is no python3 on the PATH to measure against');
  for (const { stopwatch } of others) stopwatch[Symbol.dispose]();
  return fastest.stopwatch;
}

async function tryOut(stopwatch: BarePython): Promise<{ stopwatch: BarePython; ms: number }> {
  const samples: number[] = [];
  for (let trial = 0; trial < TRIALS; trial += 1) samples.push(await stopwatch.measure());
  return { stopwatch, ms: quantile(samples, 0.5) };
}

function createStopwatch(path: string): BarePython {
  const stopwatch = spawn(path, ['-c', STOPWATCH, path], { stdio: ['pipe', 'pipe', 'inherit'] });
  const lines = createInterface(stopwatch.stdout)[Symbol.asyncIterator]();
  return {
    path,
    async measure() {
      stopwatch.stdin.write('\n');
      const { value } = (await lines.next()) as { value?: string };
      const ms = Number(value);
      if (Number.isNaN(ms)) throw new Error(`${path} did not run`);
      return ms;
    },
    [Symbol.dispose]: () => void stopwatch.stdin.end(),
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
