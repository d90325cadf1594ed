import { describe, expect, it } from 'vitest';
import { quantile, summarize } from '../../../bench/statistics.ts';

describe('a quantile', () => {
  it.each([
    ['the middle one', [3, 1, 2], 0.5, 2],
    ['halfway between the two in the middle', [4, 1, 3, 2], 0.5, 2.5],
    ['between neighbours, by its share', [0, 10], 0.95, 9.5],
    ['the only one', [7], 0.95, 7],
    ['the largest', [1, 5, 3], 1, 5],
  ])('is %s', (_what, samples, q, expected) => {
    expect(quantile(samples, q)).toBeCloseTo(expected);
  });

  it('sorts by size, not as text, and leaves its samples as they are', () => {
    const samples = [100, 9, 20];
    expect(quantile(samples, 0)).toBe(9);
    expect(samples).toEqual([100, 9, 20]);
  });

  it('of nothing is an error, not a number', () => {
    expect(() => quantile([], 0.5)).toThrow('Nothing was measured');
  });
});

it('sums a series up', () => {
  const series = Array.from({ length: 101 }, (_, index) => index);
  expect(summarize(series)).toEqual({ count: 101, median: 50, p95: 95 });
});
