import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { type AdmissionOptions, createAdmission } from '../run/admission.ts';
import type { Limits } from '../run/limits.ts';
import type { RunRequest } from '../run/request.ts';
import type { RunResult } from '../run/result.ts';
import { type Runner, type RunOptions, SandboxUnavailableError } from '../run/runner.ts';
import type { SandboxImage } from './container-options.ts';
import { isNotFound, toUnavailable } from './docker-errors.ts';
import { ensureImage } from './images.ts';
import { createPool } from './pool.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';
import { sweep } from './sweeper.ts';

export interface DockerRunnerOptions {
  readonly docker: Docker;
  /** Of this server, as the label of its containers. */
  readonly owner: string;
  readonly image: SandboxImage;
  readonly runtime?: string;
  readonly limits: Limits;
  readonly poolSize: number;
  readonly admission: AdmissionOptions;
  /** Told of what went wrong off the request path; the runner goes on. */
  readonly onError: (error: unknown) => void;
}

export interface DockerRunner extends Runner {
  /** Begins to keep sandboxes ready and to sweep up stale ones; before, each run makes its own. */
  start(): void;
  /** Null when the engine answers and a sandbox is ready or can be had; else why not. */
  whyNotReady(): Promise<string | null>;
  /** Refuses new runs, lets running ones end for at most `drainMs`, and leaves no container behind. */
  close(drainMs: number): Promise<void>;
}

/** A waiting sandbox is replaced at this age, so that every container has a deadline which any sweeper can read. */
const MAX_WAITING_MS = 60 * 60_000;
const DEADLINE_SLACK_MS = 60_000;
const SWEEP_EVERY_MS = 60_000;

/** On 2 cores the engine creates no more per second with more at once, and each takes longer. */
const MAX_CREATING = 4;

/** A Runner on one Docker engine: admission, then the pool, then one sandbox. */
export function createDockerRunner(options: DockerRunnerOptions): DockerRunner {
  const { docker, owner, image, runtime, limits, poolSize, onError } = options;
  const admission = createAdmission(options.admission);
  const inUse = new Set<Sandbox>();
  let draining = false;
  const atWork = new Set<Promise<unknown>>();
  const pool = createPool({ size: poolSize, maxCreating: MAX_CREATING, create, onError });

  async function create(): Promise<Sandbox> {
    const deadline = Date.now() + MAX_WAITING_MS + limits.wallMs + DEADLINE_SLACK_MS;
    const identity = { owner, run: randomUUID(), deadline, ...(runtime === undefined ? {} : { runtime }) };
    const sandboxOptions = { docker, image, limits, identity, maxWaitingMs: MAX_WAITING_MS };
    return createSandbox(sandboxOptions).catch(async (error: SandboxUnavailableError) => {
      if (!isNotFound(error.cause)) throw error;
      await ensureImage(docker, image.image);
      return createSandbox(sandboxOptions);
    });
  }

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
      const sandbox = await pool.take({ waitMs, ...(signal ? { signal } : {}) });
      const takenAt = performance.now();
      inUse.add(sandbox);
      try {
        const { runMs, cpuMs, ...outcome } = await sandbox.run(request, runOptions);
        return {
          id: sandbox.id,
          language: request.language,
          version: sandbox.version,
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
        inUse.delete(sandbox);
        inBackground(sandbox.destroy());
      }
    } finally {
      leave();
    }
  }

  let sweeping: NodeJS.Timeout | undefined;
  const sweepNow = () => inBackground(sweep(docker, Date.now()));

  const running = new Set<Promise<RunResult>>();
  return {
    start() {
      sweepNow();
      sweeping = setInterval(sweepNow, SWEEP_EVERY_MS).unref();
      pool.fill();
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
      if (pool.counts.ready > 0 || pool.lastError === null) return null;
      return pool.lastError instanceof Error ? pool.lastError.message : 'No sandbox can be created';
    },
    async close(drainMs) {
      draining = true;
      clearInterval(sweeping);
      await Promise.race([Promise.allSettled(running), delay(drainMs, undefined, { ref: false })]);
      for (const sandbox of inUse) inBackground(sandbox.destroy());
      await pool.close();
      await Promise.allSettled(running);
      await Promise.all(atWork);
    },
  };
}
