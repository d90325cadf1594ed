import type { RunResult } from './result.ts';
import type { FiredLimit, Verdict } from './verdict.ts';

/** `8 ms`, `1.2 s`, `10 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  const wholeMs = Math.round(ms);
  return wholeMs < 1000 ? `${wholeMs} ms` : `${Number((wholeMs / 1000).toFixed(1))} s`;
}

const units = ['bytes', 'KiB', 'MiB', 'GiB'] as const;

/** `1 byte`, `512 bytes`, `1 MiB`, `9.3 MiB`: binary units, as limits are set in them. */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let amount = bytes;
  let unit = 0;
  // By the amount as it will be written: 1048575 bytes are 1 MiB, not 1024 KiB.
  while (Number(amount.toFixed(1)) >= 1024 && unit < units.length - 1) {
    amount /= 1024;
    unit += 1;
  }
  return `${Number(amount.toFixed(1))} ${units[unit]}`;
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
  ok: (_result, time) => `Finished in ${time}`,
  error: ({ exitCode }, time) => `Exited with code ${exitCode} after ${time}`,
  signal: ({ signal }, time) => `Killed by ${signal} after ${time}`,
  timeout: (_result, time) => `Stopped after ${time}: it ran too long`,
  memory: (_result, time) => `Stopped after ${time}: out of memory`,
  output: (_result, time) => `Stopped after ${time}: too much output`,
} as const satisfies Record<Verdict, (result: RunResult, time: string) => string>;

/** The line above the output on the page: how it ended, how long it took, what it used. */
export function summaryOf(result: RunResult): string {
  const headline = headlines[result.verdict](result, formatDuration(result.times.runMs));
  return result.memoryBytes === null ? headline : `${headline} · ${formatBytes(result.memoryBytes)}`;
}
