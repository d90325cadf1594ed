import type { OutputChunk, StreamName } from '../run/result.ts';
import type { RunOptions } from '../run/runner.ts';
import type { Connection } from './connection.ts';

/** Where the text of a run's streams goes. */
export interface OutputSink {
  /** False if it went nowhere. */
  add(stream: StreamName, text: string): boolean;
  /** Stops to be held up by a slow reader, who gets nothing more from now on. False if nobody held it up. */
  letGo(): boolean;
  /** What was collected. */
  end(): OutputChunk[];
}

/** In arrival order; neighbours of one stream become one chunk. */
export function collectOutput(): OutputSink {
  const pieces: { stream: StreamName; texts: string[] }[] = [];
  return {
    add(stream, text) {
      if (text === '') return true;
      const last = pieces.at(-1);
      if (last?.stream === stream) last.texts.push(text);
      else pieces.push({ stream, texts: [text] });
      return true;
    },
    letGo: () => false,
    end: () => pieces.map(({ stream, texts }) => ({ stream, text: texts.join('') })),
  };
}

/** Passes output on as it comes, and reads no more of it while the reader's promise is pending. */
export function forwardOutput(
  onOutput: NonNullable<RunOptions['onOutput']>,
  connection: Pick<Connection, 'pause' | 'resume'>,
): OutputSink {
  let batch = collectOutput();
  let batched = false;
  let heldUpBy = 0;
  let abandoned = false;

  /** What one read from the engine has brought, in as few pieces as there can be: a flood comes byte by byte. */
  function flush(): void {
    batched = false;
    const chunks = batch.end();
    batch = collectOutput();
    for (const chunk of chunks) {
      const ready = onOutput(chunk);
      if (ready) holdUp(ready);
    }
  }

  function holdUp(ready: Promise<void>): void {
    heldUpBy += 1;
    connection.pause();
    const goOn = () => {
      heldUpBy -= 1;
      if (heldUpBy === 0) connection.resume();
    };
    ready.then(goOn, goOn);
  }

  return {
    add(stream, text) {
      if (abandoned) return text === '';
      batch.add(stream, text);
      if (!batched) queueMicrotask(flush);
      batched = true;
      return true;
    },
    letGo() {
      if (heldUpBy === 0) return false;
      abandoned = true;
      connection.resume();
      return true;
    },
    end() {
      flush();
      return [];
    },
  };
}
