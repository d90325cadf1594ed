import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/run/limits.ts';
import type { StreamName } from '../../../src/run/result.ts';
import { type EndReport, endingOf } from '../../../src/run/verdict.ts';
import { createOutputReader, parseEndReport } from '../../../src/sandbox/wire.ts';
import { splitAt } from '../split.ts';

const NONCE = '0123456789abcdef0123456789abcdef';
const TERMINATOR = `\0katabox-end:${NONCE}\n`;
const report: EndReport = {
  exitCode: 3,
  signalNumber: null,
  limit: null,
  cpuUs: 8000,
  memoryBytes: 9_000_000,
  oomKills: 0,
};
const REPORT = `${JSON.stringify(report)}\n`;

function createReading() {
  const texts = { stdout: '', stderr: '' };
  const ends: (EndReport | null)[] = [];
  const reader = createOutputReader({
    nonce: NONCE,
    onOutput: (stream, bytes) => (texts[stream] += bytes.toString('latin1')),
    onEnd: (end) => ends.push(end),
  });
  const write = (stream: StreamName, text: string) => reader[stream].write(Buffer.from(text, 'latin1'));
  return { reader, texts, ends, write };
}

/** Writes both streams in pieces, stdout first; the order between them does not matter. */
function readSplit(sent: Record<StreamName, string>, cuts: readonly number[]) {
  const { reader, texts, ends } = createReading();
  for (const stream of ['stdout', 'stderr'] as const) {
    for (const piece of splitAt(Buffer.from(sent[stream], 'latin1'), cuts)) reader[stream].write(piece);
  }
  return { texts, ends };
}

const cuts = fc.array(fc.nat({ max: 300 }), { maxLength: 20 });

/** Output that is made of beginnings of the terminator, of its tails, and of anything else: never a whole one. */
const treacherousOutput = fc
  .array(
    fc.oneof(
      fc.nat({ max: TERMINATOR.length - 1 }).map((length) => TERMINATOR.slice(0, length)),
      fc.integer({ min: 1, max: TERMINATOR.length }).map((from) => TERMINATOR.slice(from)),
      fc.constant(`\0katabox-end:${'f'.repeat(32)}\n`),
      fc.constant(REPORT),
      fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''))
  .filter((text) => !text.includes(TERMINATOR));

describe('the output of a fed launcher', () => {
  it('is passed on untouched up to the terminator, however it is split', () => {
    fc.assert(
      fc.property(treacherousOutput, treacherousOutput, cuts, (stdout, stderr, cuts) => {
        const sent = { stdout: stdout + TERMINATOR, stderr: stderr + TERMINATOR + REPORT };
        expect(readSplit(sent, cuts)).toEqual({ texts: { stdout, stderr }, ends: [report] });
      }),
    );
  });

  it('ends the same however what follows the terminators is split', () => {
    const tail = fc.constantFrom('', 'x', 'noise\n', REPORT, TERMINATOR, 'x'.repeat(2000));
    const lastWords = fc.constantFrom(
      REPORT,
      '\n',
      'not a report\n',
      `{"pad":"${'x'.repeat(1100)}"}\n`,
      'x'.repeat(1100),
    );
    fc.assert(
      fc.property(lastWords, tail, cuts, (lastWords, tail, cuts) => {
        const sent = { stdout: `a${TERMINATOR}${tail}`, stderr: `b${TERMINATOR}${lastWords}${tail}` };
        expect(readSplit(sent, cuts)).toEqual({
          texts: { stdout: 'a', stderr: 'b' },
          ends: [lastWords === REPORT ? report : null],
        });
      }),
    );
  });

  it('has no report of more than 1 KiB, not even in one piece', () => {
    const padded = `${JSON.stringify({ ...report, pad: 'x'.repeat(1024) })}\n`;
    const sent = { stdout: TERMINATOR, stderr: TERMINATOR + padded };
    expect(readSplit(sent, []).ends).toEqual([null]);
    expect(readSplit(sent, [500, 600]).ends).toEqual([null]);
  });

  it('is passed on at once where it cannot be the beginning of a terminator', () => {
    const { texts, write } = createReading();
    write('stdout', 'half a line');
    expect(texts.stdout).toBe('half a line');
    write('stdout', '\0katabox');
    expect(texts.stdout).toBe('half a line');
    write('stdout', '!');
    expect(texts.stdout).toBe('half a line\0katabox!');
  });

  it('has not ended before both streams have, whichever is first', () => {
    const { ends, write } = createReading();
    write('stderr', TERMINATOR + REPORT);
    expect(ends).toEqual([]);
    write('stdout', TERMINATOR);
    expect(ends).toEqual([report]);
  });

  it('has not ended before the report is complete', () => {
    const { ends, write } = createReading();
    write('stdout', TERMINATOR);
    write('stderr', TERMINATOR + REPORT.slice(0, -1));
    expect(ends).toEqual([]);
    write('stderr', '\n');
    expect(ends).toEqual([report]);
  });

  it('ends once only', () => {
    const { ends, write } = createReading();
    write('stdout', TERMINATOR);
    write('stderr', TERMINATOR + REPORT);
    write('stdout', TERMINATOR);
    write('stderr', REPORT);
    expect(ends).toEqual([report]);
  });

  it('is all there when the launcher is lost in the middle of a terminator', () => {
    const { reader, texts, write } = createReading();
    write('stdout', `a${TERMINATOR.slice(0, -1)}`);
    reader.stdout.flush();
    reader.stdout.flush();
    expect(texts.stdout).toBe(`a${TERMINATOR.slice(0, -1)}`);
  });

  it('makes a well-formed ending, whatever a forger reports', () => {
    const forged = fc.record({
      exitCode: fc.option(fc.nat({ max: 300 }), { freq: 1 }),
      signalNumber: fc.option(fc.nat({ max: 70 }), { freq: 1 }),
      limit: fc.constantFrom('wall', 'cpu', 'stdout', null),
      cpuUs: fc.maxSafeNat(),
      memoryBytes: fc.maxSafeNat(),
      oomKills: fc.nat({ max: 2 }),
    });
    fc.assert(
      fc.property(forged, (forged) => {
        const { verdict, exitCode, signal, limit } = endingOf(
          null,
          parseEndReport(Buffer.from(JSON.stringify(forged))),
          defaultLimits,
        );
        expect(exitCode === null).toBe(signal !== null);
        expect(signal ?? 'SIGNONE').toMatch(/^SIG[A-Z0-9]+$/);
        expect(limit !== null).toBe(['timeout', 'memory'].includes(verdict));
      }),
    );
  });
});
