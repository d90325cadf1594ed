import { SandboxUnavailableError } from '../run/runner.ts';

/** What a pool needs to know of what it keeps. */
export interface PoolMember {
  /** Resolves when it can no longer be used. */
  readonly ended: Promise<void>;
  destroy(): Promise<void>;
}

export interface PoolOptions<Member> {
  /** How many are kept ready; 0 makes each one on demand. */
  readonly size: number;
  /** How many are created at the same time. */
  readonly maxCreating: number;
  readonly create: () => Promise<Member>;
  /** Told of each creation that failed; the pool goes on. */
  readonly onError: (error: unknown) => void;
}

export interface Pool<Member> {
  /** Starts to keep members ready; before, they are made on demand only. */
  fill(): void;
  /**
   * Takes a ready member out for good, or waits for the next one that gets ready.
   * @throws what `create` threw; SandboxUnavailableError after `waitMs` or when closed; the signal's reason.
   */
  take(options: { waitMs: number; signal?: AbortSignal }): Promise<Member>;
  /** Takes back one that was taken and not used. */
  giveBack(member: Member): void;
  readonly counts: { readonly ready: number; readonly creating: number; readonly waiting: number };
  /** Of the last creation; null when it succeeded. */
  readonly lastError: unknown;
  /** Destroys what is kept, now or as soon as it is created, and refuses who waits. */
  close(): Promise<void>;
}

interface Waiter<Member> {
  resolve(member: Member): void;
  reject(error: unknown): void;
}

const FIRST_BACK_OFF_MS = 100;
const MAX_BACK_OFF_MS = 10_000;

/**
 * Creating a container takes 100 to 200 ms of CPU, which runs are better off without: begun at once, the median of
 * `print("hi")` over HTTP was 10.8 ms, with this delay 7.5 ms (2 cores). It begins anew with each one that is taken, so
 * that a burst is served first, but not for ever. Who waits for a sandbox is not made to wait.
 */
const REFILL_DELAY_MS = 30;
const MAX_REFILL_DELAY_MS = 300;

/** Keeps single-use members ready, and makes a new one for each that is taken or lost. */
export function createPool<Member extends PoolMember>(options: PoolOptions<Member>): Pool<Member> {
  const { size, maxCreating, create, onError } = options;
  const ready: Member[] = [];
  const waiters = new Set<Waiter<Member>>();
  const atWork = new Set<Promise<void>>();
  let creating = 0;
  let lastError: unknown = null;
  let backOffMs = FIRST_BACK_OFF_MS;
  let backOffTimer: NodeJS.Timeout | undefined;
  let refillTimer: NodeJS.Timeout | undefined;
  let refillBy = 0;
  let keeping = false;
  let closed = false;

  function refill(): void {
    clearTimeout(refillTimer);
    refillTimer = undefined;
    if (closed) return;
    // While backing off, only those who wait are worth an attempt: each learns at once how it went.
    const toKeep = keeping && !backOffTimer ? size - ready.length : 0;
    const wanted = Math.min(maxCreating, waiters.size + toKeep);
    for (let more = wanted - creating; more > 0; more -= 1) track(createOne());
  }

  function refillSoon(): void {
    const now = performance.now();
    if (!refillTimer) refillBy = now + MAX_REFILL_DELAY_MS;
    clearTimeout(refillTimer);
    refillTimer = setTimeout(refill, Math.max(0, Math.min(REFILL_DELAY_MS, refillBy - now)));
  }

  function track(work: Promise<void>): void {
    atWork.add(work);
    void work.finally(() => atWork.delete(work));
  }

  async function createOne(): Promise<void> {
    creating += 1;
    try {
      await accept(await create());
      lastError = null;
    } catch (error) {
      lastError = error;
      onError(error);
      backOff();
      firstWaiter()?.reject(error);
    } finally {
      creating -= 1;
      refill();
    }
  }

  async function accept(member: Member): Promise<void> {
    const waiter = firstWaiter();
    if (waiter) return waiter.resolve(member);
    if (closed || ready.length >= size) return member.destroy().catch(onError);
    ready.push(member);
    void member.ended.then(() => drop(member));
  }

  /** One that died while it waited is replaced, but not in a hot loop. */
  function drop(member: Member): void {
    const at = ready.indexOf(member);
    if (at < 0 || closed) return;
    ready.splice(at, 1);
    track(member.destroy().catch(onError));
    backOff();
  }

  function backOff(): void {
    if (closed || backOffTimer) return;
    backOffTimer = setTimeout(() => {
      backOffTimer = undefined;
      refill();
    }, backOffMs);
    backOffMs = Math.min(backOffMs * 2, MAX_BACK_OFF_MS);
  }

  function firstWaiter(): Waiter<Member> | undefined {
    return waiters.values().next().value;
  }

  return {
    giveBack: (member) => track(accept(member)),
    fill() {
      keeping = true;
      refill();
    },
    async take({ waitMs, signal }) {
      signal?.throwIfAborted();
      if (closed) throw new SandboxUnavailableError('Shutting down');
      const member = ready.shift() ?? (await waitForOne(waitMs, signal));
      backOffMs = FIRST_BACK_OFF_MS;
      refillSoon();
      return member;
    },
    get counts() {
      return { ready: ready.length, creating, waiting: waiters.size };
    },
    get lastError() {
      return lastError;
    },
    async close() {
      closed = true;
      clearTimeout(backOffTimer);
      clearTimeout(refillTimer);
      for (const waiter of waiters) waiter.reject(new SandboxUnavailableError('Shutting down'));
      const destroyed = ready.splice(0).map((member) => member.destroy().catch(onError));
      await Promise.all([...destroyed, ...atWork]);
    },
  };

  function waitForOne(waitMs: number, signal?: AbortSignal): Promise<Member> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiter.reject(new SandboxUnavailableError(`No sandbox became ready within ${waitMs} ms`));
      }, waitMs);
      const abort = () => waiter.reject(signal?.reason);
      const leave = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', abort);
        waiters.delete(waiter);
      };
      const waiter: Waiter<Member> = {
        resolve(member) {
          leave();
          resolve(member);
        },
        reject(error) {
          leave();
          reject(error);
        },
      };
      signal?.addEventListener('abort', abort);
      waiters.add(waiter);
      refill();
    });
  }
}
