import { constants } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/run/limits.ts';
import { type EndReport, endingOf, type FiredLimit } from '../../../src/run/verdict.ts';

const clean: EndReport = {
  exitCode: 0,
  signalNumber: null,
  limit: null,
  cpuUs: 8000,
  memoryBytes: 9_000_000,
  oomKills: 0,
};
const bySignal = (signalNumber: number, given: Partial<EndReport> = {}): EndReport => ({
  ...clean,
  exitCode: null,
  signalNumber,
  ...given,
});
const endOf = (report: EndReport | null, fired: FiredLimit | null = null) =>
  endingOf(fired, report, defaultLimits);

describe('the verdict', () => {
  it('is ok for exit code 0', () => {
    expect(endOf(clean)).toEqual({ verdict: 'ok', exitCode: 0, signal: null, limit: null, message: null });
  });

  // 137 and 143 are what a shell calls SIGKILL and SIGTERM: here they are codes like all others.
  it.each([1, 2, 124, 137, 143, 255])('is error for exit code %i of its own choosing', (exitCode) => {
    expect(endOf({ ...clean, exitCode })).toEqual({
      verdict: 'error',
      exitCode,
      signal: null,
      limit: null,
      message: null,
    });
  });

  it.each([
    [1, 'SIGHUP'],
    [2, 'SIGINT'],
    [4, 'SIGILL'],
    [6, 'SIGABRT'],
    [8, 'SIGFPE'],
    [9, 'SIGKILL'],
    [11, 'SIGSEGV'],
    [15, 'SIGTERM'],
    [24, 'SIGXCPU'],
    [25, 'SIGXFSZ'],
    [29, 'SIGIO'],
    [31, 'SIGSYS'],
  ])('is signal for a program that signal %i killed, and calls it %s', (number, signal) => {
    expect(endOf(bySignal(number))).toEqual({
      verdict: 'signal',
      exitCode: null,
      signal,
      limit: null,
      message: null,
    });
  });

  it.each([
    ['wall', 'timeout', 10_000, 'Stopped: it ran for longer than the limit of 10 s.'],
    ['cpu', 'timeout', 5000, 'Stopped: it used more CPU time than the limit of 5 s.'],
  ] as const)('of the limit %s, as the launcher reports it, is %s', (name, verdict, value, message) => {
    expect(endOf(bySignal(9, { limit: name }))).toEqual({
      verdict,
      exitCode: null,
      signal: 'SIGKILL',
      limit: { name, value },
      message,
    });
  });

  it.each([
    ['wall', 'timeout', 'Stopped: it ran for longer than the limit of 2 s.'],
    ['stdout', 'output', 'Stopped: it wrote more to stdout than the limit of 2 KB.'],
    ['stderr', 'output', 'Stopped: it wrote more to stderr than the limit of 2 KB.'],
  ] as const)('of the limit %s, as the server enforced it, is %s', (name, verdict, message) => {
    const limit = { name, value: name === 'wall' ? 2000 : 2048 };
    const ending = { verdict, exitCode: null, signal: 'SIGKILL', limit, message };
    expect(endOf(null, limit)).toEqual(ending);
    expect(endOf(bySignal(9), limit)).toEqual(ending);
  });

  it.each([
    ['ended by itself', clean],
    ['ran out of memory', bySignal(9, { oomKills: 1 })],
    ['came to its CPU limit', bySignal(9, { limit: 'cpu' })],
  ])('stays with the first reason when the program then %s', (_what, report) => {
    const limit = { name: 'stdout', value: 1 } as const;
    expect(endOf(report, limit)).toMatchObject({ verdict: 'output', limit, exitCode: null });
  });

  it('is memory when the kernel killed the program itself for want of it', () => {
    expect(endOf(bySignal(9, { oomKills: 1 }))).toEqual({
      verdict: 'memory',
      exitCode: null,
      signal: 'SIGKILL',
      limit: { name: 'memory', value: defaultLimits.memoryBytes },
      message: 'Stopped: it used more memory than the limit of 128 MB.',
    });
  });

  it.each([
    ['ok', { ...clean, oomKills: 2 }],
    ['error', { ...clean, exitCode: 1, oomKills: 1 }],
    ['signal', bySignal(constants.signals.SIGTERM, { oomKills: 1 })],
  ])('stays %s when only a child of the program ran out of memory, and says so', (verdict, report) => {
    expect(endOf(report)).toMatchObject({
      verdict,
      limit: null,
      message: expect.stringMatching(/^A process that the program started was killed: .* 128 MB\.$/),
    });
  });

  it('is signal for a program that ended without a report', () => {
    expect(endOf(null)).toEqual({
      verdict: 'signal',
      exitCode: null,
      signal: 'SIGKILL',
      limit: null,
      message: null,
    });
  });
});
