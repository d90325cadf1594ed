import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type Docker from 'dockerode';
import type { Limits } from '../run/limits.ts';
import type { SandboxImage } from './container-options.ts';
import { isNotFound } from './docker-errors.ts';
import { ensureImage } from './images.ts';
import { createPool, type Pool } from './pool.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

export interface SandboxSupplyOptions {
  readonly docker: Docker;
  readonly owner: string;
  readonly image: SandboxImage;
  readonly runtime?: string;
  readonly limits: Limits;
  readonly poolSize: number;
  readonly onError: (error: unknown) => void;
}

type TakeOptions = Parameters<Pool<Sandbox>['take']>[0];

/** Where the sandboxes of one server come from. */
export interface SandboxSupply {
  readonly pool: Pick<Pool<Sandbox>, 'counts' | 'lastError' | 'fill'>;
  /**
   * One from the pool; for a memory limit other than the server's, one that is made for it.
   * @throws as Pool.take; BootError when a sandbox did not come up.
   */
  take(limits: Limits, options: TakeOptions): Promise<Sandbox>;
  /** The interpreter's version: that of the sandbox created last, or of one that is asked now. @throws as `take`. */
  version(waitMs: number): Promise<string>;
  close(): Promise<void>;
}

/** A waiting sandbox is replaced at this age, so that every container has a deadline which any sweeper can read. */
const MAX_WAITING_MS = 60 * 60_000;
const DEADLINE_SLACK_MS = 60_000;

/**
 * With more at once they get in each other's way: on 2 cores a run under a flood took 263 ms of the machine's CPU with 2
 * at once, 259 with 3, 275 with 4 and 281 with 6; with 2, a tenth of the CPU was idle.
 */
const MAX_CREATING = availableParallelism() + 1;

export function createSandboxSupply(options: SandboxSupplyOptions): SandboxSupply {
  const { docker, owner, image, runtime, poolSize, onError } = options;
  const pool = createPool({
    size: poolSize,
    maxCreating: MAX_CREATING,
    create: () => create(options.limits),
    onError,
  });
  const closing = new Set<Promise<void>>();
  let lastVersion: string | undefined;

  async function create(limits: Limits): Promise<Sandbox> {
    const deadline = Date.now() + MAX_WAITING_MS + limits.wallMs + DEADLINE_SLACK_MS;
    const identity = { owner, run: randomUUID(), deadline, ...(runtime === undefined ? {} : { runtime }) };
    const sandboxOptions = { docker, image, limits, identity, maxWaitingMs: MAX_WAITING_MS };
    const sandbox = await createSandbox(sandboxOptions).catch(async (error: Error) => {
      if (!isNotFound(error.cause)) throw error;
      await ensureImage(docker, image.image);
      return createSandbox(sandboxOptions);
    });
    lastVersion = sandbox.version;
    return sandbox;
  }

  /** By way of a pool that keeps nothing: it knows what to do with one that nobody waits for any more. */
  async function takeMadeFor(limits: Limits, takeOptions: TakeOptions): Promise<Sandbox> {
    const single = createPool({ size: 0, maxCreating: 1, create: () => create(limits), onError: () => {} });
    try {
      return await single.take(takeOptions);
    } finally {
      const closed = single.close().finally(() => closing.delete(closed));
      closing.add(closed);
    }
  }

  return {
    pool,
    take: (limits, takeOptions) =>
      limits.memoryBytes === options.limits.memoryBytes
        ? pool.take(takeOptions)
        : takeMadeFor(limits, takeOptions),
    async version(waitMs) {
      if (lastVersion !== undefined) return lastVersion;
      const sandbox = await pool.take({ waitMs });
      pool.giveBack(sandbox);
      return sandbox.version;
    },
    async close() {
      await Promise.all([pool.close(), ...closing]);
    },
  };
}
