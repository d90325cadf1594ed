/**
 * What one run may use. Each number is the default and the maximum at once: a caller may only lower it.
 * The defaults are those of the design; the operator's come from the environment (config.ts).
 */
export interface Limits {
  /** From the source being handed over to the program's end. */
  readonly wallMs: number;
  /** Of everything in the sandbox together. */
  readonly cpuMs: number;
  /** Memory and swap together. */
  readonly memoryBytes: number;
  /** Processes and threads. */
  readonly pids: number;
  /** Of stdout and of stderr, each. */
  readonly outputBytes: number;
  readonly sourceBytes: number;
  readonly stdinBytes: number;
  /** Of /box and /tmp together. */
  readonly scratchBytes: number;
}

const MIB = 1024 * 1024;

export const defaultLimits: Limits = {
  wallMs: 10_000,
  cpuMs: 5_000,
  memoryBytes: 128 * MIB,
  pids: 64,
  outputBytes: MIB,
  sourceBytes: MIB,
  stdinBytes: MIB,
  scratchBytes: 32 * MIB,
};
