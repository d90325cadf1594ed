import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SandboxUnavailableError } from '../../../src/run/runner.ts';
import { createTestPool } from './fake-members.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);

/** A pool that is filled. */
async function filled(options: Parameters<typeof createTestPool>[0] = {}) {
  const made = createTestPool(options);
  made.pool.fill();
  await settle();
  return made;
}

describe('the pool', () => {
  it('makes nothing before it is asked to', async () => {
    const { pool, factory } = createTestPool();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(factory.begun).toBe(0);
    expect(pool).toMatchObject({ counts: { ready: 0, creating: 0, waiting: 0 }, lastError: null });
  });

  it('fills up to its size, creating no more at a time than it may', async () => {
    const { pool, factory } = createTestPool({ size: 5, maxCreating: 2, byItself: false });
    pool.fill();
    expect(pool.counts).toEqual({ ready: 0, creating: 2, waiting: 0 });
    for (const ready of [1, 2, 3, 4, 5]) {
      factory.succeed();
      await settle();
      expect(pool.counts).toEqual({ ready, creating: Math.min(2, 5 - ready), waiting: 0 });
    }
    expect(factory.begun).toBe(5);
  });

  it('hands over the one that has been ready for longest, at once and for good', async () => {
    const { pool, take } = await filled();
    expect((await take()).number).toBe(0);
    expect(pool.counts.ready).toBe(1);
    expect((await take()).number).toBe(1);
    expect(pool.counts.ready).toBe(0);
  });

  it('makes one for each that is taken, a moment behind the taking', async () => {
    const { pool, factory, take } = await filled();
    await take();
    await vi.advanceTimersByTimeAsync(29);
    expect(factory.begun).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(factory.begun).toBe(3);
    expect(pool.counts).toEqual({ ready: 2, creating: 0, waiting: 0 });
  });

  it('puts off the refill while more are taken, but not for ever', async () => {
    const { factory, take } = await filled({ size: 30 });
    for (let ms = 0; ms < 300; ms += 20) {
      await take();
      await vi.advanceTimersByTimeAsync(20);
      expect(factory.begun).toBe(ms < 280 ? 30 : 45);
    }
  });

  it('refills a moment after the last one of a burst was taken', async () => {
    const { factory, take } = await filled({ size: 3 });
    await take();
    await vi.advanceTimersByTimeAsync(20);
    await take();
    await vi.advanceTimersByTimeAsync(29);
    expect(factory.begun).toBe(3);
    await vi.advanceTimersByTimeAsync(1);
    expect(factory.begun).toBe(5);
  });

  it('does not let who waits wait for the refill', async () => {
    const { take } = await filled({ size: 1 });
    await take();
    expect((await take()).number).toBe(1); // the clock stands still
  });

  it('serves who waits first come, first served, with what is being created already', async () => {
    const { pool, factory, take } = createTestPool({ size: 2, byItself: false });
    pool.fill();
    const order: string[] = [];
    const visits = ['first', 'second'].map((name) =>
      take().then(({ number }) => order.push(`${name} ${number}`)),
    );
    factory.succeed();
    factory.succeed();
    await Promise.all(visits);
    expect(order).toEqual(['first 0', 'second 1']);
  });

  it('makes each one on demand at size 0, and keeps none', async () => {
    const { pool, factory, take } = await filled({ size: 0 });
    expect(factory.begun).toBe(0);
    expect((await take()).number).toBe(0);
    expect((await take()).number).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(factory.begun).toBe(2);
    expect(pool.counts).toEqual({ ready: 0, creating: 0, waiting: 0 });
  });

  it('takes back what was not used, and makes no other for it', async () => {
    const { pool, factory, take } = await filled();
    const member = await take();
    pool.giveBack(member);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pool.counts).toEqual({ ready: 2, creating: 0, waiting: 0 });
    expect({ made: factory.begun, destroyed: member.destroyed }).toEqual({ made: 2, destroyed: 0 });
  });

  it('destroys what it takes back but has no place for', async () => {
    const { pool, take } = await filled({ size: 0 });
    const member = await take();
    pool.giveBack(member);
    await settle();
    expect(member.destroyed).toBe(1);
  });

  it('never destroys what it has handed over', async () => {
    const { pool, factory, take } = await filled();
    (await take()).die();
    await vi.advanceTimersByTimeAsync(1000);
    await pool.close();
    expect(factory.members.map(({ destroyed }) => destroyed)).toEqual([0, 1, 1]);
  });
});

describe('waiting for a member', () => {
  it('is bounded', async () => {
    const { pool, factory, take } = createTestPool({ byItself: false });
    const waiting = take();
    await vi.advanceTimersByTimeAsync(999);
    expect(pool.counts.waiting).toBe(1);
    vi.advanceTimersByTime(1);
    await expect(waiting).rejects.toThrow(SandboxUnavailableError);
    expect(pool.counts.waiting).toBe(0);
    expect(factory.pending).toBe(1);
  });

  it('ends with the reason of who goes away', async () => {
    const { pool, take } = createTestPool({ byItself: false });
    const caller = new AbortController();
    const waiting = take(caller.signal);
    caller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    expect(pool.counts.waiting).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not begin with who has gone away before', async () => {
    const { pool, take } = await filled();
    await expect(take(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    expect(pool.counts.ready).toBe(2);
  });

  it('leaves the member to the next who waits', async () => {
    const { factory, take } = createTestPool({ size: 0, maxCreating: 1, byItself: false });
    const caller = new AbortController();
    const gone = take(caller.signal);
    const next = take();
    caller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    factory.succeed();
    expect((await next).number).toBe(0);
    expect(factory.members[0]!.destroyed).toBe(0);
  });

  it.each([
    [2, 'keeps', { ready: 2, made: 2, destroyed: 0 }],
    [0, 'destroys', { ready: 0, made: 1, destroyed: 1 }],
  ])('at size %i, %s a member that nobody waits for any more', async (size, _does, counts) => {
    const { ready, made, destroyed } = counts;
    const { pool, factory, take } = createTestPool({ size, maxCreating: 2, byItself: false });
    pool.fill();
    const caller = new AbortController();
    const gone = take(caller.signal);
    caller.abort(new Error('gone'));
    await expect(gone).rejects.toThrow('gone');
    while (factory.pending > 0) factory.succeed();
    await settle();
    expect(pool.counts).toEqual({ ready, creating: 0, waiting: 0 });
    const sum = factory.members.reduce((sum, member) => sum + member.destroyed, 0);
    expect({ made: factory.members.length, destroyed: sum }).toEqual({ made, destroyed });
  });

  it('keeps neither a timer nor a listener once it is over', async () => {
    const { take } = createTestPool({ size: 0 });
    const caller = new AbortController();
    const member = await take(caller.signal);
    await vi.advanceTimersByTimeAsync(30);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(caller.signal, 'abort')).toEqual([]);
    expect(member.destroyed).toBe(0);
  });
});
