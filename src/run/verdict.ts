import { constants } from 'node:os';
import type { Limits } from './limits.ts';
import { limitSentence, oomInChildSentence } from './wording.ts';

/** How a run ended, in one word. */
export const verdicts = ['ok', 'error', 'signal', 'timeout', 'memory', 'output'] as const;
export type Verdict = (typeof verdicts)[number];

/** A limit that stopped a program. The value is in ms for `wall` and `cpu`, in bytes for the others. */
export interface FiredLimit {
  readonly name: 'wall' | 'cpu' | 'memory' | 'stdout' | 'stderr';
  readonly value: number;
}

/** What the launcher says about the end of the program. It comes out of the sandbox: checked, but never trusted. */
export interface EndReport {
  readonly exitCode: number | null;
  readonly signalNumber: number | null;
  readonly limit: 'wall' | 'cpu' | null;
  readonly cpuUs: number;
  readonly memoryBytes: number;
  /** Processes of the sandbox that the kernel killed for want of memory. */
  readonly oomKills: number;
}

export interface Ending {
  readonly verdict: Verdict;
  /** Null when a signal or a limit ended the program. */
  readonly exitCode: number | null;
  /** SIGKILL when a limit did. */
  readonly signal: string | null;
  readonly limit: FiredLimit | null;
  /** A sentence for people, or null when there is nothing to add. */
  readonly message: string | null;
}

const verdictOfLimit = {
  wall: 'timeout',
  cpu: 'timeout',
  memory: 'memory',
  stdout: 'output',
  stderr: 'output',
} as const satisfies Record<FiredLimit['name'], Verdict>;

// Reversed, so that of two names for one number (SIGABRT, SIGIOT) the first, usual one stays.
const signalNames = new Map(
  Object.entries(constants.signals)
    .toReversed()
    .map(([name, number]) => [number, name]),
);

/**
 * Decides the verdict. `firedLimit` is the one that the server enforced, null if the program ended before any did;
 * `report` is null only when the program had to be ended without one.
 */
export function endingOf(firedLimit: FiredLimit | null, report: EndReport | null, limits: Limits): Ending {
  const fired = firedLimit ?? (report && limitReported(report, limits));
  if (fired) {
    return {
      verdict: verdictOfLimit[fired.name],
      exitCode: null,
      signal: 'SIGKILL',
      limit: fired,
      message: limitSentence(fired),
    };
  }
  const { exitCode = null, signalNumber = constants.signals.SIGKILL, oomKills = 0 } = report ?? {};
  const message = oomKills > 0 ? oomInChildSentence(limits.memoryBytes) : null;
  if (exitCode === null) {
    const signal = signalNames.get(signalNumber ?? 0) ?? `SIG${signalNumber}`;
    return { verdict: 'signal', exitCode: null, signal, limit: null, message };
  }
  return { verdict: exitCode === 0 ? 'ok' : 'error', exitCode, signal: null, limit: null, message };
}

function limitReported(report: EndReport, limits: Limits): FiredLimit | null {
  if (report.limit === 'wall') return { name: 'wall', value: limits.wallMs };
  if (report.limit === 'cpu') return { name: 'cpu', value: limits.cpuMs };
  // The kernel's out-of-memory killer sends SIGKILL; so may anybody, but only the former moves the counter.
  if (report.oomKills > 0 && report.signalNumber === constants.signals.SIGKILL) {
    return { name: 'memory', value: limits.memoryBytes };
  }
  return null;
}
