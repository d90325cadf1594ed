import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type AdmissionOptions, createAdmission } from '../run/admission.ts';
import { languages } from '../run/languages.ts';
import type { Limits } from '../run/limits.ts';
import type { RunRequest } from '../run/request.ts';
import type { RunResult } from '../run/result.ts';
import { type Runner, type RunnerCounts, type RunOptions, SandboxUnavailableError } from '../run/runner.ts';
import type { Runtime } from '../run/runtimes.ts';
import { endingOf } from '../run/verdict.ts';
import { isNotFound, toUnavailable } from './docker-errors.ts';
import type { Outcome } from './run-program.ts';
import { BootError, type Sandbox } from './sandbox.ts';
import { createSandboxSupply, type SandboxSupplyOptions } from './sandbox-supply.ts';
import { sweep } from './sweeper.ts';

/** `onError` is told of what went wrong off the request path; the runner goes on. */
export interface DockerRunnerOptions extends SandboxSupplyOptions {
  readonly admission: AdmissionOptions;
}

export interface DockerRunner extends Runner {
  /** Begins to keep sandboxes ready and to sweep up stale ones; before, each run makes its own. */
  start(): void;
  /** Null when the engine answers and a sandbox is ready or can be had; else why not. */
  whyNotReady(): Promise<string | null>;
  /** What can be run; asks a sandbox for its version unless one has told it. @throws SandboxUnavailableError */
  runtimes(): Promise<readonly Runtime[]>;
  readonly counts: RunnerCounts;
  /** Refuses new runs, lets running ones end for at most `drainMs`, and leaves no container behind. */
  close(drainMs: number): Promise<void>;
}

const SWEEP_EVERY_MS = 60_000;

/** What Docker and Podman take as a memory limit (6 MiB). No interpreter boots with less. */
const MIN_MEMORY_BYTES = 6 * 1024 * 1024;

/** A Runner on one Docker engine: admission, then the pool, then one sandbox. */
export function createDockerRunner(options: DockerRunnerOptions): DockerRunner {
  const { docker, image, limits, onError } = options;
  const admission = createAdmission(options.admission);
  const supply = createSandboxSupply(options);
  const inUse = new Set<Sandbox>();
  let draining = false;
  const atWork = new Set<Promise<unknown>>();

  function inBackground(work: Promise<unknown>): void {
    const tracked = work.catch(onError).finally(() => atWork.delete(tracked));
    atWork.add(tracked);
  }

  async function run(request: RunRequest, runOptions: RunOptions = {}): Promise<RunResult> {
    const { signal } = runOptions;
    const arrivedAt = performance.now();
    const leave = await admission.enter(signal);
    try {
      const admittedAt = performance.now();
      // One wait, whatever for: what the queue has taken of it is gone.
      const waitMs = Math.max(0, options.admission.maxWaitMs - (admittedAt - arrivedAt));
      const sandbox = await take(request.limits, { waitMs, ...(signal ? { signal } : {}) });
      const takenAt = performance.now();
      const { runMs, cpuMs, ...outcome } = sandbox
        ? await runIn(sandbox, request, runOptions)
        : tooLittleMemory(request.limits);
      return {
        id: sandbox?.id ?? randomUUID(),
        language: request.language,
        version: sandbox?.version ?? (await supply.version(waitMs)),
        ...outcome,
        times: {
          queuedMs: admittedAt - arrivedAt,
          sandboxMs: takenAt - admittedAt,
          runMs,
          cpuMs,
          totalMs: performance.now() - arrivedAt,
        },
      };
    } finally {
      leave();
    }
  }

  /**
   * Null when the request's memory limit is less than the interpreter needs: sandboxes that have the server's limit come
   * up all the time, so one that does not, with less, wants memory.
   */
  async function take(
    wanted: Limits,
    takeOptions: Parameters<typeof supply.take>[1],
  ): Promise<Sandbox | null> {
    if (wanted.memoryBytes < MIN_MEMORY_BYTES) return null;
    try {
      return await supply.take(wanted, takeOptions);
    } catch (error) {
      if (error instanceof BootError && wanted.memoryBytes < limits.memoryBytes) return null;
      throw error;
    }
  }

  async function runIn(sandbox: Sandbox, request: RunRequest, runOptions: RunOptions): Promise<Outcome> {
    inUse.add(sandbox);
    try {
      return await sandbox.run(request, runOptions);
    } finally {
      inUse.delete(sandbox);
      inBackground(sandbox.destroy());
    }
  }

  let sweeping: NodeJS.Timeout | undefined;
  const sweepNow = () => inBackground(sweep(docker, Date.now()));

  const running = new Set<Promise<RunResult>>();
  return {
    start() {
      sweepNow();
      sweeping = setInterval(sweepNow, SWEEP_EVERY_MS).unref();
      supply.pool.fill();
    },
    run(request, runOptions) {
      if (draining) return Promise.reject(new SandboxUnavailableError('Shutting down'));
      const result = run(request, runOptions);
      running.add(result);
      void result.catch(() => {}).finally(() => running.delete(result));
      return result;
    },
    async whyNotReady() {
      try {
        await docker.getImage(image.image).inspect();
      } catch (error) {
        return isNotFound(error)
          ? `The image ${image.image} is missing`
          : toUnavailable(`look for the image ${image.image}`, error).message;
      }
      const { counts, lastError } = supply.pool;
      if (counts.ready > 0 || lastError === null) return null;
      return lastError instanceof Error ? lastError.message : 'No sandbox can be created';
    },
    async runtimes() {
      const version = await supply.version(options.admission.maxWaitMs);
      return [{ language: 'python', version, aliases: languages.python.aliases }];
    },
    get counts() {
      const { ready, creating, waiting } = supply.pool.counts;
      return { ready, creating, running: inUse.size, waiting: admission.waiting + waiting };
    },
    async close(drainMs) {
      draining = true;
      clearInterval(sweeping);
      await Promise.race([Promise.allSettled(running), delay(drainMs, undefined, { ref: false })]);
      for (const sandbox of inUse) inBackground(sandbox.destroy());
      await supply.close();
      await Promise.allSettled(running);
      await Promise.all(atWork);
    },
  };
}

function tooLittleMemory(limits: Limits): Outcome {
  return {
    ...endingOf({ name: 'memory', value: limits.memoryBytes }, null, limits),
    output: [],
    truncated: { stdout: false, stderr: false },
    memoryBytes: null,
    runMs: 0,
    cpuMs: null,
  };
}
