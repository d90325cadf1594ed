import type { OutputSink } from './output.ts';

/**
 * The engine reads the two streams independently: what was written to one may arrive ahead of what had been written to the
 * other before. So long stderr waits for what stdout still has on its way, in the two places where a wrong order hurts.
 */
const PATIENCE_MS = 25;

/** How Python begins to say what ended a program. Nothing that the program itself prints comes after it. */
const TRACEBACK = /^Traceback \(most recent call last\):/m;

/**
 * Puts the streams in order where that can be known: stderr does not cut through a line of stdout, and a traceback comes
 * behind what was printed ahead of it. Both only as far as stdout follows within 25 ms, or within the run.
 */
export function inOrder(sink: OutputSink): OutputSink {
  let held = '';
  let timer: NodeJS.Timeout | null = null;
  let holdsTraceback = false;
  let stdoutLineOpen = false;
  let stderrLineOpen = false;
  let isAbandoned = false;

  function release(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    holdsTraceback = false;
    if (held !== '') sink.add('stderr', held);
    held = '';
  }

  function addToStderr(text: string): boolean {
    if (isAbandoned) return sink.add('stderr', text);
    const traceback = tracebackIn(text, stderrLineOpen);
    stderrLineOpen = !text.endsWith('\n');
    const isFree = timer === null && !stdoutLineOpen;
    const freeLength = isFree ? (traceback ?? text.length) : 0;
    const taken = freeLength === 0 || sink.add('stderr', text.slice(0, freeLength));
    if (freeLength === text.length) return taken;
    held += text.slice(freeLength);
    holdsTraceback ||= traceback !== null;
    timer ??= setTimeout(release, PATIENCE_MS);
    return taken;
  }

  return {
    add(stream, text) {
      if (text === '') return sink.add(stream, text);
      if (stream === 'stderr') return addToStderr(text);
      const taken = sink.add(stream, text);
      stdoutLineOpen = !text.endsWith('\n');
      if (timer && !stdoutLineOpen && !holdsTraceback) release();
      return taken;
    },
    letGo() {
      release();
      isAbandoned = sink.letGo();
      return isAbandoned;
    },
    end() {
      release();
      return sink.end();
    },
  };
}

/** Where a traceback begins in a text that may begin amid a line; null if none does. */
function tracebackIn(text: string, isAmidLine: boolean): number | null {
  const at = text.search(TRACEBACK);
  return at < 0 || (at === 0 && isAmidLine) ? null : at;
}
