import { BusyError } from './runner.ts';

export interface AdmissionOptions {
  readonly maxRunning: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
}

export interface Admission {
  /**
   * Waits, first come first served, for one of the `maxRunning` places. Resolves with the function that gives it back,
   * which may be called more than once.
   * @throws BusyError at once when `maxWaiting` wait already, or after `maxWaitMs`; the signal's reason when aborted.
   */
  enter(signal?: AbortSignal): Promise<() => void>;
  readonly running: number;
  readonly waiting: number;
}

/** At most N at work, at most M waiting, nobody for ever. */
export function createAdmission({ maxRunning, maxWaiting, maxWaitMs }: AdmissionOptions): Admission {
  const retryAfterSeconds = Math.max(1, Math.ceil(maxWaitMs / 2000));
  const waiters = new Set<() => void>();
  let running = 0;

  function place(): () => void {
    running += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      running -= 1;
      const [next] = waiters;
      next?.();
    };
  }

  return {
    async enter(signal) {
      signal?.throwIfAborted();
      if (running < maxRunning) return place();
      if (waiters.size >= maxWaiting) {
        throw new BusyError(
          `Busy: ${running} programs are running and ${waiters.size} are waiting`,
          retryAfterSeconds,
        );
      }
      return new Promise((resolve, reject) => {
        const leave = () => {
          waiters.delete(admit);
          clearTimeout(timer);
          signal?.removeEventListener('abort', abort);
        };
        const admit = () => {
          leave();
          resolve(place());
        };
        const abort = () => {
          leave();
          reject(signal?.reason as Error);
        };
        const timer = setTimeout(() => {
          leave();
          reject(new BusyError(`Busy: no place became free within ${maxWaitMs} ms`, retryAfterSeconds));
        }, maxWaitMs);
        signal?.addEventListener('abort', abort);
        waiters.add(admit);
      });
    },
    get running() {
      return running;
    },
    get waiting() {
      return waiters.size;
    },
  };
}
