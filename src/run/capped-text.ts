import { StringDecoder } from 'node:string_decoder';

export interface CappedText {
  /** Takes bytes, returns the text that they complete, within the cap. */
  write(bytes: Buffer): string;
  /** The rest: what an unfinished last character decodes to, unless the cap cut it. */
  end(): string;
  readonly truncated: boolean;
}

/**
 * Keeps the first `capBytes` bytes of a stream and decodes them as UTF-8. A character is never split, neither between
 * two writes nor at the cap; bytes that are not UTF-8 become U+FFFD.
 */
export function createCappedText(capBytes: number): CappedText {
  const decoder = new StringDecoder('utf8');
  let roomBytes = capBytes;
  let truncated = false;
  return {
    write(bytes) {
      const kept = bytes.length > roomBytes ? bytes.subarray(0, roomBytes) : bytes;
      truncated ||= kept.length < bytes.length;
      roomBytes -= kept.length;
      return decoder.write(kept);
    },
    end: () => (truncated ? '' : decoder.end()),
    get truncated() {
      return truncated;
    },
  };
}
