import type { RunRequest } from './request.ts';
import type { OutputChunk, RunResult } from './result.ts';

export interface RunOptions {
  /** Aborted when the caller goes away: the run ends, its sandbox is destroyed, and `run` rejects with the reason. */
  readonly signal?: AbortSignal;
  /** Called with each piece of output as it arrives, within the caps. */
  readonly onOutput?: (chunk: OutputChunk) => void;
}

export interface Runner {
  /**
   * Runs one program in a sandbox of its own, which is destroyed behind the answer.
   * Resolves for anything the program can do (crash, hang, flood); rejects only when we failed it, with BusyError or
   * SandboxUnavailableError, or when the caller went away.
   */
  run(request: RunRequest, options?: RunOptions): Promise<RunResult>;
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
