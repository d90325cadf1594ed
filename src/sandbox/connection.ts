import type { Duplex } from 'node:stream';
import type { StreamName } from '../run/result.ts';
import { createFrameParser } from './wire.ts';

export type BytesListener = (stream: StreamName, bytes: Buffer) => void;

/** The attached stdin, stdout and stderr of one container. */
export interface Connection {
  /** Replaces the listener of what comes out. */
  listen(onBytes: BytesListener): void;
  /** Writes to stdin. */
  write(bytes: Buffer): void;
  endInput(): void;
  /** Stops reading, and so in the end holds up who writes in there. */
  pause(): void;
  resume(): void;
  /** Resolves when the engine has closed the stream, for whatever reason: the container is over. */
  readonly closed: Promise<void>;
  destroy(): void;
}

export function createConnection(stream: Duplex): Connection {
  let listener: BytesListener = () => {};
  stream.on(
    'data',
    createFrameParser((name, bytes) => listener(name, bytes)),
  );
  // A container that is gone is noticed by `closed`; that writing to it failed as well adds nothing.
  stream.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    stream.once('end', resolve);
    stream.once('close', resolve);
  });
  return {
    listen(onBytes) {
      listener = onBytes;
    },
    write: (bytes) => void (stream.writable && stream.write(bytes)),
    endInput: () => void stream.end(),
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
    closed,
    destroy: () => void stream.destroy(),
  };
}
