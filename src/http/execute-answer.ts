import { outputText, type RunResult } from '../run/result.ts';
import type { FiredLimit, Verdict } from '../run/verdict.ts';

/** Piston's status of a run (engineer-man/piston, api-v2, "execute"); null when all went well. */
function pistonStatus(verdict: Verdict, limit: FiredLimit | null): string | null {
  const table = {
    ok: null,
    error: 'RE',
    signal: 'SG',
    memory: 'SG',
    timeout: 'TO',
    output: limit?.name === 'stderr' ? 'EL' : 'OL',
  } as const satisfies Record<Verdict, string | null>;
  return table[verdict];
}

/** The body that programs get: Piston's fields, then our own. Times are whole ms, memory is bytes. */
export function toExecuteAnswer(result: RunResult) {
  const { verdict, limit, times } = result;
  const cpuMs = times.cpuMs === null ? null : Math.round(times.cpuMs);
  return {
    language: result.language,
    version: result.version,
    run: {
      stdout: outputText(result.output, 'stdout'),
      stderr: outputText(result.output, 'stderr'),
      output: outputText(result.output),
      code: result.exitCode,
      signal: result.signal,
      message: result.message,
      status: pistonStatus(verdict, limit),
      cpu_time: cpuMs,
      wall_time: Math.round(times.runMs),
      memory: result.memoryBytes,
      verdict,
      limit,
      truncated: result.truncated,
      times: {
        queued: Math.round(times.queuedMs),
        sandbox: Math.round(times.sandboxMs),
        run: Math.round(times.runMs),
        cpu: cpuMs,
        total: Math.round(times.totalMs),
      },
    },
  };
}
