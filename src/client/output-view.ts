import { type AnsiReader, createAnsiReader } from './ansi.ts';
import { followEnd } from './follow-end.ts';
import { createOutputBlocks, type Source } from './output-blocks.ts';

export interface OutputView {
  /** Shows it soon. */
  readonly append: (source: Source, text: string) => void;
  /** Resolves when everything appended so far is to be seen. */
  readonly shown: () => Promise<void>;
  readonly clear: () => void;
  /** The program has written nothing; what was typed is not its. */
  readonly isEmpty: boolean;
}

/** What is turned into elements at a time, in UTF-16 units, until the time for one frame is used up. */
const SLICE = 4 * 1024;
const FRAME_BUDGET_MS = 8;
/** How much is read out, until the user types. A screen reader that has to read a flood is of no more use. */
const ANNOUNCED = 4 * 1024;
/** A browser draws no frames for a page that nobody sees. */
const HIDDEN_FRAME_MS = 100;

/** Shows output as it comes, a bit at each frame, so that the page stays responsive under a megabyte. */
export function createOutputView(element: HTMLElement): OutputView {
  const blocks = createOutputBlocks(element);
  const end = followEnd(element);
  let pending: { source: Source; text: string }[] = [];
  let readers: Partial<Record<Source, AnsiReader>> = {};
  let unanswered = 0;
  let isEmpty = true;
  let scheduled = false;
  let waiting: (() => void)[] = [];

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    if (document.hidden) setTimeout(draw, HIDDEN_FRAME_MS);
    else requestAnimationFrame(draw);
  }

  function draw(): void {
    scheduled = false;
    const until = performance.now() + FRAME_BUDGET_MS;
    while (pending.length > 0 && performance.now() < until) drawSlice();
    end.pin();
    if (pending.length > 0) return schedule();
    allShown();
  }

  function allShown(): void {
    for (const resolve of waiting.splice(0)) resolve();
  }

  function drawSlice(): void {
    const [first] = pending;
    if (!first) return;
    const { source, text } = first;
    // No character is cut in two, not even one of two UTF-16 units.
    const end = /[\uD800-\uDBFF]/.test(text[SLICE - 1] ?? '') ? SLICE - 1 : SLICE;
    const slice = text.slice(0, end);
    first.text = text.slice(end);
    if (first.text === '') pending.shift();
    announce(source, slice.length);
    readers[source] ??= createAnsiReader();
    for (const piece of readers[source].read(slice)) blocks.add(source, piece);
  }

  function announce(source: Source, size: number): void {
    unanswered = source === 'typed' ? 0 : unanswered + size;
    if (unanswered > ANNOUNCED) element.setAttribute('aria-live', 'off');
    else element.removeAttribute('aria-live'); // it is a log, which is polite by itself
  }

  // As it was written: the browser would put a line break between blocks.
  element.addEventListener('copy', (event) => {
    const selection = document.getSelection();
    if (!selection || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (!element.contains(range.commonAncestorContainer)) return; // more than output
    event.clipboardData?.setData('text/plain', range.toString());
    event.preventDefault();
  });

  return {
    append(source, text) {
      if (source !== 'typed') isEmpty = false;
      const last = pending.at(-1);
      if (last?.source === source) last.text += text;
      else pending.push({ source, text });
      schedule();
    },
    shown() {
      if (pending.length === 0) return Promise.resolve();
      return new Promise((resolve) => waiting.push(resolve));
    },
    clear() {
      blocks.clear();
      pending = [];
      readers = {};
      unanswered = 0;
      isEmpty = true;
      end.restart();
      element.removeAttribute('aria-live');
      allShown();
    },
    get isEmpty() {
      return isEmpty;
    },
  };
}
