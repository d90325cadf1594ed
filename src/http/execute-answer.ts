import { z } from 'zod';
import { outputText, type RunResult } from '../run/result.ts';
import { type FiredLimit, type Verdict, verdicts } from '../run/verdict.ts';

const wholeMs = z.int().nonnegative().describe('ms');
const truncated = z.boolean().describe('Whether there was more than the cap, or than was read in time');

export const runEnding = z.object({
  code: z.int().nullable().describe('Exit code; null when a signal or a limit ended it'),
  signal: z.string().nullable().describe('Name of the signal that ended it; SIGKILL when a limit did'),
  message: z.string().nullable().describe('A sentence for people'),
  status: z.enum(['RE', 'SG', 'TO', 'OL', 'EL', 'XX']).nullable().describe("Piston's letters"),
  cpu_time: wholeMs.nullable(),
  wall_time: wholeMs,
  memory: z.int().nonnegative().nullable().describe('Peak, in bytes'),
  verdict: z.enum(verdicts),
  limit: z
    .object({ name: z.enum(['wall', 'cpu', 'memory', 'stdout', 'stderr']), value: z.int() })
    .nullable()
    .describe('The limit that stopped it; in ms or bytes'),
  truncated: z.object({ stdout: truncated, stderr: truncated }),
  times: z.object({
    queued: wholeMs,
    sandbox: wholeMs,
    run: wholeMs,
    cpu: wholeMs.nullable(),
    total: wholeMs,
  }),
});

const run = z.object({
  stdout: z.string(),
  stderr: z.string(),
  output: z.string().describe('Both streams in the order in which they came'),
  ...runEnding.shape,
});

/** The answer to `POST /api/v2/execute`: Piston's fields, then our own. */
export const executeAnswer = z.object({ language: z.string(), version: z.string(), run });

export type RunEnding = z.output<typeof runEnding>;

/** Piston's status of a run (engineer-man/piston, api-v2, "execute"); null when all went well. */
function pistonStatus(verdict: Verdict, limit: FiredLimit | null): RunEnding['status'] {
  const table = {
    ok: null,
    error: 'RE',
    signal: 'SG',
    memory: 'SG',
    timeout: 'TO',
    output: limit?.name === 'stderr' ? 'EL' : 'OL',
  } as const satisfies Record<Verdict, RunEnding['status']>;
  return table[verdict];
}

/** How a run ended, without its output. */
export function toRunEnding(result: RunResult): RunEnding {
  const { verdict, limit, times } = result;
  const cpuMs = times.cpuMs === null ? null : Math.round(times.cpuMs);
  return {
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
  };
}

export function toExecuteAnswer(result: RunResult): z.output<typeof executeAnswer> {
  return {
    language: result.language,
    version: result.version,
    run: {
      stdout: outputText(result.output, 'stdout'),
      stderr: outputText(result.output, 'stderr'),
      output: outputText(result.output),
      ...toRunEnding(result),
    },
  };
}
