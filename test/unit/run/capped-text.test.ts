import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCappedText } from '../../../src/run/capped-text.ts';
import { splitAt } from '../split.ts';

const cuts = fc.array(fc.nat({ max: 80 }), { maxLength: 8 });
const anyBytes = fc.uint8Array({ maxLength: 64 }).map((bytes) => Buffer.from(bytes));
const anyText = fc.string({ unit: 'binary', maxLength: 24 });
const anyCap = fc.nat({ max: 80 });

function read(pieces: readonly Buffer[], capBytes: number) {
  const capped = createCappedText(capBytes);
  const text = pieces.map((piece) => capped.write(piece)).join('') + capped.end();
  return { text, truncated: capped.truncated };
}

describe('capped text', () => {
  it('gives the same text however the bytes are split', () => {
    fc.assert(
      fc.property(anyBytes, cuts, anyCap, (bytes, cuts, capBytes) => {
        expect(read(splitAt(bytes, cuts), capBytes)).toEqual(read([bytes], capBytes));
      }),
    );
  });

  it('gives back every text that fits, whatever is in it', () => {
    fc.assert(
      fc.property(anyText, cuts, (text, cuts) => {
        const bytes = Buffer.from(text);
        expect(read(splitAt(bytes, cuts), bytes.length)).toEqual({ text, truncated: false });
      }),
    );
  });

  it('keeps whole characters up to the cap, and not one byte more', () => {
    fc.assert(
      fc.property(anyText, cuts, anyCap, (text, cuts, capBytes) => {
        const kept = read(splitAt(Buffer.from(text), cuts), capBytes);
        const next = Array.from(text.slice(kept.text.length))[0];
        expect(text.startsWith(kept.text)).toBe(true);
        expect(kept.text.isWellFormed()).toBe(true);
        expect(Buffer.byteLength(kept.text)).toBeLessThanOrEqual(capBytes);
        expect(next === undefined || Buffer.byteLength(kept.text + next) > capBytes).toBe(true);
        expect(kept.truncated).toBe(Buffer.byteLength(text) > capBytes);
      }),
    );
  });

  it('decodes bytes that are not UTF-8 as every decoder does', () => {
    fc.assert(
      fc.property(anyBytes, cuts, (bytes, cuts) => {
        expect(read(splitAt(bytes, cuts), bytes.length).text).toBe(bytes.toString());
      }),
    );
  });

  it('hands over each character as soon as it is complete', () => {
    const capped = createCappedText(100);
    const [first, second] = splitAt(Buffer.from('a€b'), [2]);
    expect(capped.write(first!)).toBe('a');
    expect(capped.write(second!)).toBe('€b');
  });

  it('is not truncated by exactly the cap, nor by nothing at all behind it', () => {
    const capped = createCappedText(3);
    capped.write(Buffer.from('abc'));
    capped.write(Buffer.alloc(0));
    expect(capped.truncated).toBe(false);
    expect(capped.write(Buffer.from('d'))).toBe('');
    expect(capped.truncated).toBe(true);
  });

  it('does not show the half of a character that the cap cut off', () => {
    expect(read([Buffer.from('a€')], 3)).toEqual({ text: 'a', truncated: true });
  });

  it('shows that the program itself stopped in the middle of a character', () => {
    expect(read([Buffer.from([0x61, 0xe2, 0x82])], 10)).toEqual({ text: 'a\uFFFD', truncated: false });
  });

  it('keeps nothing under a cap of nothing', () => {
    expect(read([Buffer.from('a')], 0)).toEqual({ text: '', truncated: true });
  });
});
