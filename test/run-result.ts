import { defaultLimits, type Limits } from '../src/run/limits.ts';
import type { RunRequest } from '../src/run/request.ts';
import type { RunResult } from '../src/run/result.ts';
import type { FiredLimit, Verdict } from '../src/run/verdict.ts';
import { limitSentence } from '../src/run/wording.ts';

/** The result of `print("hi")`, but for what is given. */
export function runResult(given: Partial<RunResult> = {}): RunResult {
  return {
    id: 'run-1',
    language: 'python',
    version: '3.13.1',
    verdict: 'ok',
    exitCode: 0,
    signal: null,
    limit: null,
    message: null,
    output: [{ stream: 'stdout', text: 'hi\n' }],
    truncated: { stdout: false, stderr: false },
    memoryBytes: 9_100_000,
    times: { queuedMs: 0.4, sandboxMs: 0.2, runMs: 8.4, cpuMs: 7.6, totalMs: 9.1 },
    ...given,
  };
}

/** The result of a program that a limit stopped. */
export function stoppedResult(
  verdict: Verdict,
  limit: FiredLimit,
  given: Partial<RunResult> = {},
): RunResult {
  const ending = { verdict, limit, exitCode: null, signal: 'SIGKILL', message: limitSentence(limit) };
  return runResult({ ...ending, ...given });
}

export function runRequest(given: Partial<RunRequest> = {}): RunRequest {
  const program = { source: 'print("hi")' };
  return { language: 'python', program, stdin: '', args: [], limits: defaultLimits, ...given };
}

export function limitsWith(given: Partial<Limits>): Limits {
  return { ...defaultLimits, ...given };
}
