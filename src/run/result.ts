import type { LanguageName } from './languages.ts';
import type { Ending } from './verdict.ts';

export type StreamName = 'stdout' | 'stderr';

export interface OutputChunk {
  readonly stream: StreamName;
  readonly text: string;
}

/** Where the time of one run went, in milliseconds. */
export interface RunTimes {
  /** Waiting behind other runs. */
  readonly queuedMs: number;
  /** Waiting for a sandbox. */
  readonly sandboxMs: number;
  /** From the source being handed over to the program's end. */
  readonly runMs: number;
  /** CPU time of everything in the sandbox; null when the program's end had to be forced and nothing was reported. */
  readonly cpuMs: number | null;
  readonly totalMs: number;
}

export interface RunResult extends Ending {
  /** Also the label `katabox.run` of the container. */
  readonly id: string;
  readonly language: LanguageName;
  /** Of the interpreter that ran the program, as it told itself. */
  readonly version: string;
  /** Both streams in the order in which they arrived; neighbours of one stream are joined. */
  readonly output: readonly OutputChunk[];
  readonly truncated: Readonly<Record<StreamName, boolean>>;
  /** Peak memory; null as for `cpuMs`. */
  readonly memoryBytes: number | null;
  readonly times: RunTimes;
}

/** What one stream, or both in arrival order, brought. */
export function outputText(output: readonly OutputChunk[], stream?: StreamName): string {
  return output
    .filter((chunk) => stream === undefined || chunk.stream === stream)
    .map((chunk) => chunk.text)
    .join('');
}
