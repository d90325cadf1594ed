import { constants } from 'node:os';
import type { RunResult } from '../../src/run/result.ts';
import { stderrOf, stdoutOf } from './engine.ts';
import type { PlainResult } from './plain-docker.ts';

/** What of a run can be compared with plain Docker's; exit codes are as a shell tells them: 128 and the signal. */
export function comparable(result: RunResult): PlainResult {
  const signalNumber = constants.signals[result.signal as NodeJS.Signals] ?? 0;
  return comparablePlain({
    stdout: stdoutOf(result),
    stderr: stderrOf(result),
    exitCode: result.exitCode ?? 128 + signalNumber,
  });
}

export function comparablePlain({ stdout, stderr, exitCode }: PlainResult): PlainResult {
  return { stdout: withoutAddresses(stdout), stderr: withoutAddresses(stderr), exitCode };
}

/** They differ from one process to the next. */
const withoutAddresses = (text: string) => text.replaceAll(/0x[0-9a-f]{8,}/g, '0x…');
