import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outputText, type StreamName } from '../../../src/run/result.ts';
import { collectOutput } from '../../../src/sandbox/output.ts';
import { inOrder } from '../../../src/sandbox/stream-order.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What comes out when these arrive, one behind the other; a number is a pause in ms. */
function arriving(...arrivals: (readonly [StreamName, string] | number)[]): string {
  const sink = inOrder(collectOutput());
  for (const arrival of arrivals) {
    if (typeof arrival === 'number') vi.advanceTimersByTime(arrival);
    else sink.add(...arrival);
  }
  return outputText(sink.end());
}

const traceback = 'Traceback (most recent call last):\n';

describe('streams in order', () => {
  it.each([
    [
      'a line is not cut',
      [
        ['stdout', 'a'],
        ['stderr', 'E\n'],
        ['stdout', ' b\n'],
      ],
      'a b\nE\n',
    ],
    [
      'a line that is not ended in time is',
      [['stdout', 'a'], ['stderr', 'E\n'], 25, ['stdout', ' b\n']],
      'aE\n b\n',
    ],
    ['a prompt keeps back nothing for long', [['stdout', 'name? '], ['stderr', 'E\n'], 25], 'name? E\n'],
    [
      'a traceback waits',
      [
        ['stderr', traceback],
        ['stdout', 'a\n'],
        ['stderr', 'x\n'],
        ['stdout', 'b\n'],
      ],
      `a\nb\n${traceback}x\n`,
    ],
    [
      'a traceback that comes in bits waits as a whole',
      [
        ['stderr', traceback],
        ['stderr', 'x\n'],
        ['stdout', 'a\n'],
        ['stdout', 'b\n'],
      ],
      `a\nb\n${traceback}x\n`,
    ],
    [
      'a traceback waits without what comes before it',
      [
        ['stderr', `E\n${traceback}`],
        ['stdout', 'a\n'],
      ],
      `E\na\n${traceback}`,
    ],
    [
      'what comes after a traceback is like any other again',
      [['stderr', traceback], 25, ['stderr', 'E\n'], ['stdout', 'a\n']],
      `${traceback}E\na\n`,
    ],
    ['a traceback waits for so long', [['stderr', traceback], 25, ['stdout', 'a\n']], `${traceback}a\n`],
    [
      'within a line it is no traceback',
      [
        ['stderr', 'x '],
        ['stderr', traceback],
        ['stdout', 'a\n'],
      ],
      `x ${traceback}a\n`,
    ],
    [
      'whole lines stay as they came',
      [
        ['stderr', 'E\n'],
        ['stdout', 'a\n'],
        ['stderr', 'F\n'],
      ],
      'E\na\nF\n',
    ],
    [
      'stdout never waits',
      [
        ['stderr', 'E'],
        ['stdout', 'a\n'],
        ['stderr', 'F\n'],
      ],
      'Ea\nF\n',
    ],
    [
      'what waits is not overtaken by its own',
      [
        ['stdout', 'a'],
        ['stderr', 'E'],
        ['stderr', 'F\n'],
        ['stdout', '\n'],
      ],
      'a\nEF\n',
    ],
    [
      'the end waits for nothing',
      [
        ['stdout', 'a'],
        ['stderr', 'E'],
      ],
      'aE',
    ],
  ] as const)('%s', (_what, arrivals, text) => {
    expect(arriving(...arrivals)).toBe(text);
  });

  it('hands on what waits before a slow reader is let go', () => {
    const calls: string[] = [];
    const sink = inOrder({
      add: (_stream, text) => calls.push(text) > 0,
      letGo: () => calls.push('let go') > 0,
      end: () => [],
    });
    sink.add('stdout', 'a');
    sink.add('stderr', 'E');
    expect(sink.letGo()).toBe(true);
    expect(calls).toEqual(['a', 'E', 'let go']);
  });

  it('keeps nothing back from then on: what is lost is told at once', () => {
    const sink = inOrder({ add: () => false, letGo: () => true, end: () => [] });
    sink.add('stdout', 'a');
    sink.letGo();
    expect(sink.add('stderr', traceback)).toBe(false);
  });
});
