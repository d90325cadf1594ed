import { describe, expect, it } from 'vitest';
import { isStale } from '../../../src/sandbox/sweeper.ts';

const NOW_MS = 1_700_000_000_000;

const listed = (State: string, ageMs: number, deadline: string | undefined) => ({
  Id: 'c0ffee',
  State,
  Created: (NOW_MS - ageMs) / 1000,
  Labels: deadline === undefined ? {} : { 'katabox.deadline': deadline },
});

const LATER = String(NOW_MS + 1);

describe('a sandbox that the sweeper finds', () => {
  it.each([
    ['running, before its deadline', 'running', 3_600_000, LATER],
    ['running, at its deadline', 'running', 1000, String(NOW_MS)],
    ['just created', 'created', 0, LATER],
    ['created a minute ago', 'created', 60_000, LATER],
    ['just exited', 'exited', 1000, LATER],
  ])('is left alone: %s', (_what, state, ageMs, deadline) => {
    expect(isStale(listed(state, ageMs, deadline), NOW_MS)).toBe(false);
  });

  it.each([
    ['running, past its deadline', 'running', 1000, String(NOW_MS - 1)],
    ['running, with a deadline that is none', 'running', 1000, 'tomorrow'],
    ['running, with an empty deadline', 'running', 1000, ''],
    ['running, without a deadline', 'running', 1000, undefined],
    ['created but never started', 'created', 61_000, LATER],
    ['exited but never removed', 'exited', 61_000, LATER],
    ['dead', 'dead', 61_000, LATER],
  ])('is stale: %s', (_what, state, ageMs, deadline) => {
    expect(isStale(listed(state, ageMs, deadline), NOW_MS)).toBe(true);
  });
});
