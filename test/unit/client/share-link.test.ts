import { deflateRawSync } from 'node:zlib';
import { assert, asyncProperty, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromFragment, ShareLinkError, toFragment } from '../../../src/client/share-link.ts';

const packed = (bytes: Buffer | string) => deflateRawSync(bytes).toString('base64url');

describe('a link', () => {
  it('carries any program and any input', async () => {
    const text = string({ unit: 'binary', maxLength: 500 }); // any code point, surrogate pairs whole
    await assert(
      asyncProperty(text, text, async (source, stdin) => {
        expect(await fromFragment(await toFragment({ source, stdin }))).toEqual({ source, stdin });
      }),
    );
  });

  it('needs no escapes, and says nothing of input that there is not', async () => {
    expect(await toFragment({ source: 'print("ü")\n'.repeat(500), stdin: '' })).toMatch(
      /^#code=[\w-]{20,100}$/,
    );
    expect(await toFragment({ source: '', stdin: 'a' })).toMatch(/^#code=[\w-]+&stdin=[\w-]+$/);
  });

  it('is what any other program makes of raw deflate and base64url', async () => {
    expect(await fromFragment(`#code=${packed('print(1)')}`)).toEqual({ source: 'print(1)', stdin: '' });
  });

  it.each(['', '#', '#result', '#stdin=AwA', '#codes=AwA'])('is none: %j', async (fragment) => {
    expect(await fromFragment(fragment)).toBeNull();
  });

  it.each([
    ['no base64', '#code=%%%'],
    ['no deflate', `#code=${Buffer.from('print(1)').toString('base64url')}`],
    ['cut off', `#code=${packed('print("a long enough program")').slice(0, -8)}`],
    ['empty', '#code='],
    ['not UTF-8', `#code=${packed(Buffer.from([0xff, 0xfe]))}`],
    ['of a damaged input', `#code=${packed('a')}&stdin=x`],
  ])('that is damaged is refused: %s', async (_how, fragment) => {
    await expect(fromFragment(fragment)).rejects.toThrow(ShareLinkError);
    await expect(fromFragment(fragment)).rejects.toThrow(/damaged/);
  });

  it('does not unpack to more than fits', async () => {
    const bomb = `#code=${packed(Buffer.alloc(200 * 1024 * 1024, 'x'))}`;
    const before = performance.now();
    await expect(fromFragment(bomb)).rejects.toThrow('larger than 4 MB');
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
