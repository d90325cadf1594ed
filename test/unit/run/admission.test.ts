import { getEventListeners } from 'node:events';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type AdmissionOptions, createAdmission } from '../../../src/run/admission.ts';
import { BusyError } from '../../../src/run/runner.ts';

const roomy = { maxRunning: 1, maxWaiting: 10, maxWaitMs: 15_000 };

/** An admission with all its places taken; `leave` gives the first of them back. */
async function full(options: Partial<AdmissionOptions> = {}) {
  const admission = createAdmission({ ...roomy, ...options });
  const leave = await admission.enter();
  while (admission.running < (options.maxRunning ?? 1)) await admission.enter();
  return { admission, leave };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('admission', () => {
  it('lets in as many as there are places, at once', async () => {
    const { admission } = await full({ maxRunning: 3 });
    expect(admission).toMatchObject({ running: 3, waiting: 0 });
  });

  it('admits who waits first come, first served', async () => {
    const { admission, leave } = await full();
    const order: string[] = [];
    const visit = async (name: string) => {
      const leave = await admission.enter();
      order.push(name);
      leave();
    };
    const visits = ['first', 'second', 'third'].map(visit);
    leave();
    await Promise.all(visits);
    expect(order).toEqual(['first', 'second', 'third']);
    expect(admission).toMatchObject({ running: 0, waiting: 0 });
  });

  it('lets nobody overtake who was admitted but has not noticed yet', async () => {
    const { admission, leave } = await full();
    void admission.enter();
    leave();
    void admission.enter();
    expect(admission).toMatchObject({ running: 1, waiting: 1 });
  });

  it('gives back one place only, however often it is given back', async () => {
    const { admission, leave } = await full({ maxRunning: 2 });
    leave();
    leave();
    expect(admission.running).toBe(1);
    void admission.enter();
    void admission.enter();
    leave();
    expect(admission).toMatchObject({ running: 2, waiting: 1 });
  });

  it('refuses at once who would be one too many in the queue', async () => {
    const { admission } = await full({ maxWaiting: 1 });
    void admission.enter();
    await expect(admission.enter()).rejects.toThrow(BusyError);
    expect(admission.waiting).toBe(1);
  });

  it('has no queue at all with room for none', async () => {
    const { admission, leave } = await full({ maxWaiting: 0 });
    await expect(admission.enter()).rejects.toThrow(BusyError);
    leave();
    await expect(admission.enter()).resolves.toBeTypeOf('function');
  });

  it('lets nobody wait for longer than the limit, and forgets who gave up', async () => {
    const { admission, leave } = await full({ maxWaitMs: 500 });
    const refused = admission.enter();
    vi.advanceTimersByTime(499);
    expect(admission.waiting).toBe(1);
    vi.advanceTimersByTime(1);
    await expect(refused).rejects.toThrow(new BusyError('Busy: no place became free within 500 ms', 1));
    expect(admission.waiting).toBe(0);
    leave();
    expect(admission.running).toBe(0);
  });

  it.each([
    [15_000, 8],
    [500, 1],
    [1, 1],
  ])('tells who had to leave after %i ms to come back in %i s', async (maxWaitMs, retryAfterSeconds) => {
    const { admission } = await full({ maxWaitMs, maxWaiting: 1 });
    const waiting = admission.enter();
    await expect(admission.enter()).rejects.toMatchObject({ retryAfterSeconds });
    vi.advanceTimersByTime(maxWaitMs);
    await expect(waiting).rejects.toMatchObject({ retryAfterSeconds });
  });

  it('takes who goes away out of the queue, with the reason they gave', async () => {
    const { admission, leave } = await full();
    const caller = new AbortController();
    const gone = admission.enter(caller.signal);
    const next = admission.enter();
    caller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    expect(admission.waiting).toBe(1);
    leave();
    await expect(next).resolves.toBeTypeOf('function');
    expect(admission).toMatchObject({ running: 1, waiting: 0 });
  });

  it('does not begin with who has gone away before', async () => {
    const admission = createAdmission(roomy);
    await expect(admission.enter(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(admission).toMatchObject({ running: 0, waiting: 0 });
  });

  it('keeps neither a timer nor a listener for who has been admitted', async () => {
    const { admission, leave } = await full();
    const caller = new AbortController();
    const entered = admission.enter(caller.signal);
    leave();
    await entered;
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    expect(admission.running).toBe(1);
  });

  it('never has more inside or in the queue than it may, and ends empty', async () => {
    const options = fc.record({
      maxRunning: fc.integer({ min: 1, max: 4 }),
      maxWaiting: fc.nat({ max: 4 }),
      maxWaitMs: fc.integer({ min: 1, max: 1000 }),
    });
    const events = fc.array(fc.tuple(fc.constantFrom('enter', 'enter', 'leave', 'abort', 'wait'), fc.nat()));
    await fc.assert(
      fc.asyncProperty(options, events, async (options, events) => {
        const admission = createAdmission(options);
        const callers: AbortController[] = [];
        const inside: (() => void)[] = [];
        const visit = async (caller: AbortController) => inside.push(await admission.enter(caller.signal));
        const visits: Promise<unknown>[] = [];
        const happen = {
          enter() {
            const caller = new AbortController();
            callers.push(caller);
            visits.push(visit(caller).catch(() => {}));
          },
          leave: (which: number) => inside.splice(which % (inside.length || 1), 1)[0]?.(),
          abort: (which: number) => callers[which % callers.length]?.abort(),
          wait: (ms: number) => vi.advanceTimersByTime(ms % 1000),
        };
        for (const [event, value] of events) {
          happen[event](value);
          await vi.advanceTimersByTimeAsync(0);
          expect(admission.running).toBe(inside.length);
          expect(admission.running).toBeLessThanOrEqual(options.maxRunning);
          expect(admission.waiting).toBeLessThanOrEqual(options.maxWaiting);
          // Nobody waits beside a free place.
          expect(admission.waiting === 0 || admission.running === options.maxRunning).toBe(true);
        }
        vi.advanceTimersByTime(options.maxWaitMs);
        await Promise.all(visits);
        for (const leave of inside) leave();
        expect(admission).toMatchObject({ running: 0, waiting: 0 });
      }),
    );
  });
});
