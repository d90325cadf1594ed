import { createPool, type PoolMember } from '../../../src/sandbox/pool.ts';

export interface FakeMember extends PoolMember {
  readonly number: number;
  readonly destroyed: number;
  /** As when its container dies while it waits. */
  die(): void;
}

function createMember(number: number): FakeMember {
  let die = () => {};
  let destroyed = 0;
  const ended = new Promise<void>((resolve) => (die = resolve));
  return {
    number,
    ended,
    die: () => die(),
    get destroyed() {
      return destroyed;
    },
    async destroy() {
      destroyed += 1;
    },
  };
}

/** Creations that succeed or fail when told to, or by themselves at once. */
export function createFactory({ byItself = true } = {}) {
  const members: FakeMember[] = [];
  const pending: { succeed(): void; fail(error: Error): void }[] = [];
  const factory = {
    members,
    /** How many creations were begun. */
    begun: 0,
    /** What creations by themselves fail with, while it is set. */
    failure: null as Error | null,
    create: () =>
      new Promise<FakeMember>((resolve, reject) => {
        factory.begun += 1;
        const creation = {
          succeed() {
            const member = createMember(members.length);
            members.push(member);
            resolve(member);
          },
          fail: reject,
        };
        if (!byItself) pending.push(creation);
        else if (factory.failure) creation.fail(factory.failure);
        else creation.succeed();
      }),
    get pending() {
      return pending.length;
    },
    succeed: () => pending.shift()?.succeed(),
    fail: (error: Error) => pending.shift()?.fail(error),
  };
  return factory;
}

export function createTestPool({ size = 2, maxCreating = 4, byItself = true } = {}) {
  const factory = createFactory({ byItself });
  const errors: unknown[] = [];
  const pool = createPool({
    size,
    maxCreating,
    create: factory.create,
    onError: (error) => errors.push(error),
  });
  return {
    pool,
    factory,
    errors,
    take: (signal?: AbortSignal) => pool.take({ waitMs: 1000, ...(signal && { signal }) }),
  };
}
