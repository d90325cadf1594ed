import { describe, expect, it } from 'vitest';
import { type Check, isMet, type Row, toJson, toTable } from '../../../bench/report.ts';

const check = (value: number, bound: Check['bound']): Check => ({ what: 'D/A', value, bound });

const rows: Row[] = [
  { id: 'A', what: 'bare', unit: 'ms', measured: { count: 80, median: 9.876, p95: 13.21 }, checks: [] },
  {
    id: 'D',
    what: 'ours',
    unit: 'ms',
    measured: { count: 120, median: 123.4, p95: 150 },
    checks: [check(0.5, { atMost: 1 }), check(1.7, { atMost: 1.6 })],
  },
  { id: 'F', what: 'ceiling', unit: '/s', measured: 15.5, checks: [] },
];

describe('a check', () => {
  it.each<[number, Check['bound'], boolean]>([
    [1, { atMost: 1 }, true],
    [1.01, { atMost: 1 }, false],
    [25, { atLeast: 25 }, true],
    [24.9, { atLeast: 25 }, false],
    [NaN, { atMost: 1 }, false],
    [NaN, { atLeast: 1 }, false],
  ])('of %d against %j is %s', (value, bound, met) => {
    expect(isMet(check(value, bound))).toBe(met);
  });
});

it('has a line for each row, and one more for each further check', () => {
  expect(toTable(rows).split('\n')).toEqual([
    '   measured   median   p95    n  held against    is  must be',
    'A  bare      9.88 ms  13.2   80',
    'D  ours       123 ms   150  120  D/A           0.50      ≤ 1  ok',
    '                                 D/A           1.70    ≤ 1.6  MISSED',
    'F  ceiling   15.5 /s',
  ]);
});

it('says as JSON which checks are met', () => {
  expect(toJson(rows)[1]).toEqual({
    ...rows[1],
    checks: [
      { what: 'D/A', value: 0.5, bound: { atMost: 1 }, met: true },
      { what: 'D/A', value: 1.7, bound: { atMost: 1.6 }, met: false },
    ],
  });
});
