import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StreamName } from '../../../src/run/result.ts';
import { createFrameParser } from '../../../src/sandbox/wire.ts';
import { splitAt } from '../split.ts';

interface Frame {
  readonly type: number;
  readonly payload: Buffer;
}

/** As the engine sends it: the stream's number, three zeros, the length, the payload. */
function encode({ type, payload }: Frame): Buffer {
  const header = Buffer.alloc(8);
  header[0] = type;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

/** What a parser hands over, with neighbours of one stream joined. */
function parse(chunks: readonly Buffer[]) {
  const pieces: { stream: StreamName; bytes: Buffer[] }[] = [];
  const write = createFrameParser((stream, bytes) => {
    expect(bytes.length).toBeGreaterThan(0);
    const last = pieces.at(-1);
    if (last?.stream === stream) last.bytes.push(bytes);
    else pieces.push({ stream, bytes: [bytes] });
  });
  chunks.forEach((chunk) => write(chunk));
  return pieces.map(({ stream, bytes }) => [stream, Buffer.concat(bytes).toString('latin1')]);
}

const frame = (type: number, text: string): Frame => ({ type, payload: Buffer.from(text, 'latin1') });

describe('the frames of an attached stream', () => {
  it('belong to stdout and stderr, in the order they came', () => {
    const frames = [frame(1, 'a'), frame(2, 'b'), frame(2, 'c'), frame(1, 'd')];
    expect(parse([Buffer.concat(frames.map(encode))])).toEqual([
      ['stdout', 'a'],
      ['stderr', 'bc'],
      ['stdout', 'd'],
    ]);
  });

  it('may be empty', () => {
    const frames = [frame(1, ''), frame(2, 'b'), frame(2, ''), frame(1, 'd')];
    expect(parse([Buffer.concat(frames.map(encode))])).toEqual([
      ['stderr', 'b'],
      ['stdout', 'd'],
    ]);
  });

  it('are handed over before they are complete', () => {
    expect(parse([encode(frame(2, 'abcdef')).subarray(0, 10)])).toEqual([['stderr', 'ab']]);
  });

  it('may be as long as their header can say', () => {
    const header = Buffer.from([1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(parse([header, Buffer.from('abc')])).toEqual([['stdout', 'abc']]);
  });

  it('mean the same however the stream is split', () => {
    const frames = fc.array(
      fc.record({
        type: fc.constantFrom(1, 2),
        payload: fc.uint8Array({ maxLength: 20 }).map((bytes) => Buffer.from(bytes)),
      }),
      { maxLength: 8 },
    );
    const cuts = fc.array(fc.nat({ max: 230 }), { maxLength: 20 });
    fc.assert(
      fc.property(frames, cuts, (frames, cuts) => {
        const bytes = Buffer.concat(frames.map(encode));
        const whole = parse([bytes]);
        expect(parse(splitAt(bytes, cuts))).toEqual(whole);
        for (const [type, stream] of ['stdout', 'stderr'].entries()) {
          const sent = Buffer.concat(frames.filter((it) => it.type === type + 1).map((it) => it.payload));
          const got = whole.filter(([name]) => name === stream).map(([, text]) => text);
          expect(got.join('')).toBe(sent.toString('latin1'));
        }
      }),
    );
  });
});
