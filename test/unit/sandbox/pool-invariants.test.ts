import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createTestPool, type FakeMember } from './fake-members.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('a pool in any weather', () => {
  it('keeps no more than its size, and loses no member', async () => {
    const options = fc.record({ size: fc.nat({ max: 3 }), maxCreating: fc.integer({ min: 1, max: 3 }) });
    const event = fc.constantFrom('take', 'take', 'abort', 'succeed', 'succeed', 'fail', 'die', 'wait');
    const events = fc.array(fc.tuple(event, fc.nat()), { maxLength: 50 });
    await fc.assert(
      fc.asyncProperty(options, events, async ({ size, maxCreating }, events) => {
        const { pool, factory, take } = createTestPool({ size, maxCreating, byItself: false });
        const taken = new Set<FakeMember>();
        const callers: AbortController[] = [];
        const takings: Promise<unknown>[] = [];
        const kept = () => factory.members.filter((it) => !taken.has(it) && it.destroyed === 0).length;
        const happen = {
          take() {
            const caller = new AbortController();
            callers.push(caller);
            takings.push(
              take(caller.signal).then(
                (member) => taken.add(member),
                () => {},
              ),
            );
          },
          abort: (which: number) => callers[which % callers.length]?.abort(),
          succeed: () => factory.succeed(),
          fail: () => factory.fail(new Error('the engine is down')),
          die: (which: number) => factory.members[which % factory.members.length]?.die(),
          wait: (ms: number) => vi.advanceTimersByTime(ms % 2000),
        };
        pool.fill();
        for (const [event, value] of events) {
          happen[event](value);
          await vi.advanceTimersByTimeAsync(0);
          expect(pool.counts.ready).toBe(kept());
          expect(pool.counts.ready).toBeLessThanOrEqual(size);
          expect(pool.counts.creating).toBe(factory.pending);
          expect(pool.counts.creating).toBeLessThanOrEqual(maxCreating);
          expect(pool.counts.waiting === 0 || pool.counts.creating > 0).toBe(true);
        }
        const closing = pool.close();
        while (factory.pending > 0) factory.succeed();
        await Promise.all([closing, ...takings]);
        expect(factory.members.map((it) => it.destroyed + Number(taken.has(it)))).toEqual(
          factory.members.map(() => 1),
        );
      }),
    );
  });
});
