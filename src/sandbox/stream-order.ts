import type { OutputSink } from './output.ts';

/**
 * The engine reads the two streams independently: what was written to one may arrive ahead of what had been written to the
 * other before. So long stderr waits for what stdout still has on its way, in the two places where a wrong order hurts.
 */
const PATIENCE_MS = 10;

/** How Python begins to say what ended a program. Nothing that the program itself prints comes after it. */
const TRACEBACK = 'Traceback (most recent call last):';

/**
 * Puts the streams in order where that can be known: stderr does not cut through a line of stdout, and a traceback comes
 * behind what was printed ahead of it. Both only as far as stdout follows within 10 ms, or within the run.
 */
export function inOrder(sink: OutputSink): OutputSink {
  let held = '';
  let timer: NodeJS.Timeout | null = null;
  let isTraceback = false;
  let stdoutLineOpen = false;
  let stderrLineOpen = false;

  function release(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (held !== '') sink.add('stderr', held);
    held = '';
  }

  function addToStderr(text: string): boolean {
    isTraceback = !stderrLineOpen && text.startsWith(TRACEBACK);
    stderrLineOpen = !text.endsWith('\n');
    if (timer === null && !stdoutLineOpen && !isTraceback) return sink.add('stderr', text);
    held += text;
    timer ??= setTimeout(release, PATIENCE_MS);
    return true;
  }

  return {
    add(stream, text) {
      if (text === '') return sink.add(stream, text);
      if (stream === 'stderr') return addToStderr(text);
      const taken = sink.add(stream, text);
      stdoutLineOpen = !text.endsWith('\n');
      if (timer && !stdoutLineOpen && !isTraceback) release();
      return taken;
    },
    letGo() {
      release();
      return sink.letGo();
    },
    end() {
      release();
      return sink.end();
    },
  };
}
