import type { RunResult } from './result.ts';
import type { FiredLimit, Verdict } from './verdict.ts';

/** `8 ms`, `1.2 s`, `10 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Number((ms / 1000).toFixed(1))} s`;
}

const units = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** `512 bytes`, `1 MiB`, `9.3 MiB`: binary units, as limits are set in them. */
export function formatBytes(bytes: number): string {
  const power = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), units.length - 1);
  return `${Number((bytes / 1024 ** power).toFixed(1))} ${units[power]}`;
}

const whatItDid = {
  wall: 'it ran for longer than the limit of',
  cpu: 'it used more CPU time than the limit of',
  memory: 'it used more memory than the limit of',
  stdout: 'it wrote more to stdout than the limit of',
  stderr: 'it wrote more to stderr than the limit of',
} as const satisfies Record<FiredLimit['name'], string>;

export function limitSentence({ name, value }: FiredLimit): string {
  const amount = name === 'wall' || name === 'cpu' ? formatDuration(value) : formatBytes(value);
  return `Stopped: ${whatItDid[name]} ${amount}.`;
}

export function oomInChildSentence(memoryBytes: number): string {
  return `A process that the program started was killed: together they used more memory than the limit of ${formatBytes(memoryBytes)}.`;
}

const headlines = {
  ok: () => 'Finished',
  error: ({ exitCode }) => `Exited with code ${exitCode}`,
  signal: ({ signal }) => `Killed by ${signal}`,
  timeout: () => 'Stopped: it ran too long',
  memory: () => 'Stopped: out of memory',
  output: () => 'Stopped: too much output',
} as const satisfies Record<Verdict, (result: RunResult) => string>;

/** The line above the output on the page: how it ended, how long it took, what it used. */
export function summaryOf(result: RunResult): string {
  const facts = [
    `${headlines[result.verdict](result)} after ${formatDuration(result.times.runMs)}`,
    ...(result.memoryBytes === null ? [] : [formatBytes(result.memoryBytes)]),
  ];
  return facts.join(' · ').replace(/^Finished after/, 'Finished in');
}
