import type { FiredLimit, Verdict } from './verdict.ts';

/** `8 ms`, `1.2 s`, `10 s`. */
export function formatDuration(ms: number): string {
  if (ms < 1) return 'under 1 ms';
  const wholeMs = Math.round(ms);
  return wholeMs < 1000 ? `${wholeMs} ms` : `${Number((wholeMs / 1000).toFixed(1))} s`;
}

const units = ['bytes', 'KB', 'MB', 'GB'] as const;

/**
 * `1 byte`, `512 bytes`, `1 MB`, `9.3 MB`: multiples of 1024, as limits are set in them, by the names that people use.
 */
export function formatBytes(bytes: number): string {
  if (bytes === 1) return '1 byte';
  let amount = bytes;
  let unit = 0;
  // By the amount as it will be written: 1048575 bytes are 1 MB, not 1024 KB.
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

/** What the summary is made of: of a result as of the end of a live run. */
export interface Summarized {
  readonly verdict: Verdict;
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly runMs: number;
  /** Null when nothing was reported. */
  readonly memoryBytes: number | null;
  /** Whether there is any output to be seen. */
  readonly printed: boolean;
}

const headlines = {
  ok: (_ending, time) => `Finished in ${time}`,
  error: ({ exitCode }, time) => `Exited with code ${exitCode} after ${time}`,
  signal: ({ signal }, time) => `Killed by ${signal} after ${time}`,
  timeout: (ending, time) => `Stopped after ${time}: it ran too long${outputAbove(ending)}`,
  memory: (ending, time) => `Stopped after ${time}: out of memory${outputAbove(ending)}`,
  output: (ending, time) => `Stopped after ${time}: too much output${outputAbove(ending)}`,
} as const satisfies Record<Verdict, (ending: Summarized, time: string) => string>;

const outputAbove = ({ printed }: Summarized) => (printed ? ' (partial output above)' : '');

const MIB = 1024 * 1024;

/** The line below the output on the page: how it ended, how long it took, what it used in whole MB. */
export function summaryOf(ending: Summarized): string {
  const headline = headlines[ending.verdict](ending, formatDuration(ending.runMs));
  if (ending.memoryBytes === null) return headline;
  return `${headline} · ${formatBytes(Math.max(Math.round(ending.memoryBytes / MIB), 1) * MIB)}`;
}
