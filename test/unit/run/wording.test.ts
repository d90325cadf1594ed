import { describe, expect, it } from 'vitest';
import { outputText } from '../../../src/run/result.ts';
import type { FiredLimit } from '../../../src/run/verdict.ts';
import { formatBytes, formatDuration, limitSentence, summaryOf } from '../../../src/run/wording.ts';
import { runResult, stoppedResult } from '../../run-result.ts';

describe('the wording', () => {
  it.each([
    [0, 'under 1 ms'],
    [0.99, 'under 1 ms'],
    [1, '1 ms'],
    [8.4, '8 ms'],
    [999, '999 ms'],
    [999.7, '1 s'],
    [1000, '1 s'],
    [1234, '1.2 s'],
    [10_000, '10 s'],
    [86_400_000, '86400 s'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it.each([
    [0, '0 bytes'],
    [512, '512 bytes'],
    [1023, '1023 bytes'],
    [1024, '1 KB'],
    [1536, '1.5 KB'],
    [1, '1 byte'],
    [1024 ** 2 - 1, '1 MB'],
    [1024 ** 2, '1 MB'],
    [9_800_000, '9.3 MB'],
    [128 * 1024 ** 2, '128 MB'],
    [1024 ** 3, '1 GB'],
    [5000 * 1024 ** 3, '5000 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    ['wall', 10_000, 'Stopped: it ran for longer than the limit of 10 s.'],
    ['cpu', 500, 'Stopped: it used more CPU time than the limit of 500 ms.'],
    ['memory', 134_217_728, 'Stopped: it used more memory than the limit of 128 MB.'],
    ['stdout', 1_048_576, 'Stopped: it wrote more to stdout than the limit of 1 MB.'],
    ['stderr', 100, 'Stopped: it wrote more to stderr than the limit of 100 bytes.'],
  ] as const)('says of the limit %s which it was and how much', (name, value, sentence) => {
    expect(limitSentence({ name, value })).toBe(sentence);
  });

  const wall: FiredLimit = { name: 'wall', value: 10_000 };
  const times = { ...runResult().times, runMs: 10_004 };
  it.each([
    ['a program that went well', runResult(), 'Finished in 8 ms · 9 MB'],
    ['its exit code', runResult({ verdict: 'error', exitCode: 3 }), 'Exited with code 3 after 8 ms · 9 MB'],
    [
      'its signal',
      runResult({ verdict: 'signal', exitCode: null, signal: 'SIGSEGV' }),
      'Killed by SIGSEGV after 8 ms · 9 MB',
    ],
    [
      'a hang',
      stoppedResult('timeout', wall, { times }),
      'Stopped after 10 s: it ran too long (partial output above) · 9 MB',
    ],
    [
      'memory that ran out',
      stoppedResult('memory', { name: 'memory', value: 1 }),
      'Stopped after 8 ms: out of memory (partial output above) · 9 MB',
    ],
    [
      'a flood, of which nothing was reported',
      stoppedResult('output', { name: 'stderr', value: 1 }, { memoryBytes: null }),
      'Stopped after 8 ms: too much output (partial output above)',
    ],
  ])('sums up %s', (_what, result, summary) => {
    expect(summaryOf({ ...result, runMs: result.times.runMs, printed: true })).toBe(summary);
  });

  it('speaks of no output where there is none, and of no less than 1 MB', () => {
    const ending = { ...stoppedResult('timeout', wall), runMs: 10_004, memoryBytes: 1, printed: false };
    expect(summaryOf(ending)).toBe('Stopped after 10 s: it ran too long · 1 MB');
  });
});

describe('the output as text', () => {
  const output = [
    { stream: 'stdout', text: 'a\n' },
    { stream: 'stderr', text: 'b\n' },
    { stream: 'stdout', text: 'c\n' },
  ] as const;

  it.each([
    ['both streams, in the order they came', undefined, 'a\nb\nc\n'],
    ['stdout alone', 'stdout', 'a\nc\n'],
    ['stderr alone', 'stderr', 'b\n'],
  ] as const)('is %s', (_what, stream, text) => {
    expect(outputText(output, stream)).toBe(text);
  });
});
