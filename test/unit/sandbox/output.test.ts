import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { OutputChunk } from '../../../src/run/result.ts';
import { collectOutput, forwardOutput } from '../../../src/sandbox/output.ts';

/** Forwards to a reader which is ready again when it is told. */
function forwardToSlowReader() {
  const calls: string[] = [];
  const release: (() => void)[] = [];
  const chunks: OutputChunk[] = [];
  const sink = forwardOutput(
    (chunk) => {
      chunks.push(chunk);
      return new Promise((resolve) => release.push(resolve));
    },
    { pause: () => void calls.push('pause'), resume: () => void calls.push('resume') },
  );
  return { sink, calls, release, chunks };
}

describe('collected output', () => {
  it('is in the order in which it came, neighbours of one stream joined', () => {
    const sink = collectOutput();
    sink.add('stdout', 'a');
    sink.add('stdout', 'b');
    sink.add('stderr', 'c');
    sink.add('stderr', '');
    sink.add('stdout', 'd');
    expect(sink.end()).toEqual([
      { stream: 'stdout', text: 'ab' },
      { stream: 'stderr', text: 'c' },
      { stream: 'stdout', text: 'd' },
    ]);
  });
});

describe('forwarded output', () => {
  it('comes at once, what one read has brought in one piece a stream, and is not collected', async () => {
    const chunks: OutputChunk[] = [];
    const sink = forwardOutput((chunk) => void chunks.push(chunk), { pause() {}, resume() {} });
    for (const letter of 'abc') sink.add('stdout', letter);
    sink.add('stderr', 'e');
    await Promise.resolve();
    expect(chunks).toEqual([
      { stream: 'stdout', text: 'abc' },
      { stream: 'stderr', text: 'e' },
    ]);
    sink.add('stdout', 'last');
    expect(sink.end()).toEqual([]);
    expect(chunks.at(-1)).toEqual({ stream: 'stdout', text: 'last' });
  });

  it('is held up until the reader is ready for all of it', async () => {
    const { sink, calls, release } = forwardToSlowReader();
    sink.add('stdout', 'a');
    sink.add('stderr', 'b');
    await delay(0);
    expect(calls).toEqual(['pause', 'pause']);
    release[0]!();
    await delay(0);
    expect(calls).toEqual(['pause', 'pause']);
    release[1]!();
    await delay(0);
    expect(calls).toEqual(['pause', 'pause', 'resume']);
    expect(sink.letGo()).toBe(false);
  });

  it('goes on when the reader fails', async () => {
    const calls: string[] = [];
    const sink = forwardOutput(() => Promise.reject(new Error('gone')), {
      pause: () => void calls.push('pause'),
      resume: () => void calls.push('resume'),
    });
    sink.add('stdout', 'a');
    await delay(0);
    expect(calls).toEqual(['pause', 'resume']);
  });

  it('goes nowhere once a reader who held it up was let go, and says so', async () => {
    const { sink, calls, chunks } = forwardToSlowReader();
    sink.add('stdout', 'a');
    await delay(0);
    expect(sink.letGo()).toBe(true);
    expect(calls).toEqual(['pause', 'resume']);
    expect(sink.add('stdout', 'b')).toBe(false);
    expect(sink.add('stdout', '')).toBe(true);
    sink.end();
    expect(chunks).toEqual([{ stream: 'stdout', text: 'a' }]);
  });
});
