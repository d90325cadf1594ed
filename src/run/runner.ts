import type { RunRequest } from './request.ts';
import type { OutputChunk, RunResult } from './result.ts';

export interface RunOptions {
  /** Aborted when the caller goes away: the run ends, its sandbox is destroyed, and `run` rejects with the reason. */
  readonly signal?: AbortSignal;
  /**
   * Called with each piece of output as it arrives, within the caps; the result then has none of it. While a promise
   * that it returned is pending no more is read, so that the program is held up by whoever reads too slowly. Its
   * time goes on; what has not been read when the time limit is reached is lost, and the result says `truncated`.
   */
  readonly onOutput?: (chunk: OutputChunk) => void | Promise<void>;
  /** Called when the program is handed over. Its stdin then stays open until it is ended. */
  readonly onStart?: (program: RunningProgram) => void;
}

export const programSignals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
export type ProgramSignal = (typeof programSignals)[number];

/** A program under way. Once it is over, none of this has an effect. */
export interface RunningProgram {
  /** Types into its stdin. What it does not read is kept: how much there may be is for the caller to bound. */
  write(text: string): void;
  endInput(): void;
  /** Sends a signal to the program itself, not to what it started. */
  signal(name: ProgramSignal): void;
}

export interface Runner {
  /**
   * Runs one program in a sandbox of its own, which is destroyed behind the answer.
   * Resolves for anything the program can do (crash, hang, flood); rejects only when we failed it, with BusyError or
   * SandboxUnavailableError, or when the caller went away.
   */
  run(request: RunRequest, options?: RunOptions): Promise<RunResult>;
}

/** How many there are at the moment. */
export interface RunnerCounts {
  /** Sandboxes that wait for a program. */
  readonly ready: number;
  /** Sandboxes that are being made. */
  readonly creating: number;
  /** Sandboxes with a program in them. */
  readonly running: number;
  /** Requests that wait for their turn or for a sandbox. */
  readonly waiting: number;
}

/** The request itself is at fault: nothing ran. The message names the field and the limit. */
export class BadRequestError extends Error {
  override readonly name = 'BadRequestError';
  readonly tooLarge: boolean;

  constructor(message: string, { tooLarge = false } = {}) {
    super(message);
    this.tooLarge = tooLarge;
  }
}

/** More work than we take on: nothing ran, and the same request may succeed in a moment. */
export class BusyError extends Error {
  override readonly name = 'BusyError';
  readonly retryAfterSeconds: number;

  constructor(message: string, retryAfterSeconds: number) {
    super(message);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** No sandbox could be had, or ours was lost under the program: the engine's or our fault, never the program's. */
export class SandboxUnavailableError extends Error {
  override readonly name = 'SandboxUnavailableError';
}
