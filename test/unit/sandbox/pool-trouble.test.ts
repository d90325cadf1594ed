import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { SandboxUnavailableError } from '../../../src/run/runner.ts';
import { createTestPool } from './fake-members.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const down = new Error('the engine is down');

describe('a pool whose creations fail', () => {
  it('tries again, less and less often, but at least every ten seconds', async () => {
    const { pool, factory } = createTestPool({ size: 1 });
    factory.failure = down;
    pool.fill();
    const pausesMs: number[] = [];
    for (let attempt = 1, pausedMs = 0; attempt < 11; pausedMs += 100) {
      await vi.advanceTimersByTimeAsync(pausedMs === 0 ? 0 : 100);
      if (factory.begun === attempt) continue;
      attempt = factory.begun;
      pausesMs.push(pausedMs);
      pausedMs = 0;
    }
    expect(pausesMs).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000]);
  });

  it('makes one pause of failures at the same time', async () => {
    const { pool, factory, errors } = createTestPool({ size: 4 });
    factory.failure = down;
    pool.fill();
    await settle();
    expect(errors).toEqual([down, down, down, down]);
    await vi.advanceTimersByTimeAsync(99);
    expect(factory.begun).toBe(4);
    await vi.advanceTimersByTimeAsync(1);
    expect(factory.begun).toBe(8);
    await vi.advanceTimersByTimeAsync(199);
    expect(factory.begun).toBe(8);
    await vi.advanceTimersByTimeAsync(1);
    expect(factory.begun).toBe(12);
  });

  it('remembers why, until one succeeds', async () => {
    const { pool, factory } = createTestPool({ size: 1 });
    factory.failure = down;
    pool.fill();
    await settle();
    expect(pool.lastError).toBe(down);
    factory.failure = null;
    await vi.advanceTimersByTimeAsync(100);
    expect(pool).toMatchObject({ lastError: null, counts: { ready: 1 } });
  });

  it('begins with short pauses again after a member was taken', async () => {
    const { pool, factory, take } = createTestPool({ size: 1 });
    factory.failure = down;
    pool.fill();
    await vi.advanceTimersByTimeAsync(3000);
    factory.failure = null;
    await vi.advanceTimersByTimeAsync(10_000);
    await take();
    factory.failure = down;
    await vi.advanceTimersByTimeAsync(30);
    const { begun } = factory;
    await vi.advanceTimersByTimeAsync(100);
    expect(factory.begun).toBe(begun + 1);
  });

  it('tells each who waits why, at once', async () => {
    const { factory, take } = createTestPool({ size: 0, maxCreating: 1, byItself: false });
    const first = take();
    const second = take();
    factory.fail(down);
    await expect(first).rejects.toBe(down);
    expect(factory.pending).toBe(1);
    factory.succeed();
    expect((await second).number).toBe(0);
  });

  it('tries for who waits even while it pauses', async () => {
    const { pool, factory, take } = createTestPool({ size: 2 });
    factory.failure = down;
    pool.fill();
    await settle();
    factory.failure = null;
    await expect(take()).resolves.toBeDefined();
    expect(factory.begun).toBe(3);
  });
});

describe('a pool whose members die', () => {
  it('notices, destroys what is left of them, and makes others', async () => {
    const { pool, factory } = createTestPool();
    pool.fill();
    await settle();
    factory.members[0]!.die();
    await settle();
    expect(pool.counts.ready).toBe(1);
    expect(factory.members[0]!.destroyed).toBe(1);
    await vi.advanceTimersByTimeAsync(99);
    expect(factory.begun).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(pool.counts.ready).toBe(2);
  });

  it('does not make others ever faster than they die', async () => {
    const { pool, factory } = createTestPool({ size: 1 });
    pool.fill();
    for (let ms = 0; ms < 60_000; ms += 50) {
      factory.members.at(-1)?.die();
      await vi.advanceTimersByTimeAsync(50);
    }
    expect(factory.begun).toBeLessThan(15);
    expect(factory.members.filter(({ destroyed }) => destroyed === 0).length).toBeLessThanOrEqual(1);
  });
});

describe('closing a pool', () => {
  it('destroys what is ready and what is being created, and resolves when they are gone', async () => {
    const { pool, factory } = createTestPool({ size: 3, maxCreating: 2, byItself: false });
    pool.fill();
    factory.succeed();
    await settle();
    let closed = false;
    const closing = pool.close().then(() => (closed = true));
    await settle();
    expect(factory.members.map(({ destroyed }) => destroyed)).toEqual([1]);
    expect(closed).toBe(false);
    factory.succeed();
    factory.fail(down);
    await closing;
    expect(factory.members.map(({ destroyed }) => destroyed)).toEqual([1, 1]);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(factory.begun).toBe(3);
    expect(pool.counts).toEqual({ ready: 0, creating: 0, waiting: 0 });
  });

  it('refuses who waits and who comes after', async () => {
    const { pool, factory, take } = createTestPool({ size: 0, byItself: false });
    const waiting = take();
    const closing = pool.close();
    await expect(waiting).rejects.toThrow(SandboxUnavailableError);
    factory.succeed();
    await closing;
    expect(factory.members[0]!.destroyed).toBe(1);
    await expect(take()).rejects.toThrow(SandboxUnavailableError);
  });

  it('goes on when one cannot be destroyed, and tells of it', async () => {
    const { pool, factory, errors } = createTestPool();
    pool.fill();
    await settle();
    factory.members[0]!.destroy = () => Promise.reject(down);
    await pool.close();
    expect(errors).toEqual([down]);
    expect(factory.members[1]!.destroyed).toBe(1);
  });
});
