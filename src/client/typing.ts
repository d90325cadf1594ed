import type { StreamName } from '../run/result.ts';
import { element } from './element.ts';

export interface Typing {
  /** Shows the line; from now on what is typed goes there. */
  readonly open: () => void;
  /** The program is over, or another begins. */
  readonly close: () => void;
  /** The program wrote something: if that looks like a question, the user may answer without a detour. */
  readonly sawOutput: (stream: StreamName, text: string) => void;
}

export interface TypingOptions {
  /** With its line break, but for what stood before the end of the input. */
  readonly onText: (text: string) => void;
  readonly onEnd: () => void;
  /** The line goes away while the user is in it. */
  readonly onLeft: () => void;
}

/** A program that has been silent for so long behind half a line is likely to wait for the other half. */
const PROMPT_QUIET_MS = 150;

/** The line for typing into a program while it runs. */
export function createTyping({ onText, onEnd, onLeft }: TypingOptions): Typing {
  const form = element('typing', HTMLFormElement);
  const input = element('typed', HTMLInputElement);

  // Whoever does something else since Run is not to be carried off.
  let untouched = false;
  /** Who was, but has typed nothing, is brought back there. */
  let cameFrom: Element | null = null;
  /** A warning that comes behind a question, or ahead of it, does not answer it. */
  const amidLine = new Set<StreamName>();
  let quiet = 0;
  for (const type of ['keydown', 'pointerdown']) {
    document.addEventListener(type, () => (untouched = false), true);
  }

  function close(): void {
    clearTimeout(quiet);
    const hadFocus = form.contains(document.activeElement);
    form.hidden = true;
    input.value = '';
    if (hadFocus && untouched && cameFrom instanceof HTMLElement) cameFrom.focus({ preventScroll: true });
    else if (hadFocus) onLeft();
    untouched = true;
    cameFrom = null;
  }

  function end(): void {
    if (input.value !== '') onText(input.value);
    onEnd();
    close();
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    onText(`${input.value}\n`);
    input.value = '';
  });
  input.addEventListener('keydown', (event) => {
    if (!isD(event) || !event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault(); // a bookmark, otherwise
    end();
  });
  // A line of input would lose the line breaks of what is pasted.
  input.addEventListener('paste', (event) => {
    const pasted = event.clipboardData?.getData('text').replaceAll(/\r\n?/g, '\n') ?? '';
    if (!pasted.includes('\n')) return;
    event.preventDefault();
    const { value, selectionStart, selectionEnd } = input;
    const all = value.slice(0, selectionStart ?? 0) + pasted + value.slice(selectionEnd ?? value.length);
    const lastLine = all.lastIndexOf('\n') + 1;
    onText(all.slice(0, lastLine));
    input.value = all.slice(lastLine);
  });
  element('end-input').addEventListener('click', end);

  return {
    open() {
      form.hidden = false;
      amidLine.clear();
    },
    close,
    sawOutput(stream, text) {
      clearTimeout(quiet);
      if (text.endsWith('\n')) amidLine.delete(stream);
      else amidLine.add(stream);
      if (form.hidden || amidLine.size === 0) return;
      quiet = window.setTimeout(() => {
        // In a frame, the user may be at work around it.
        if (!untouched || !document.hasFocus() || document.activeElement === input) return;
        cameFrom = document.activeElement;
        input.focus();
      }, PROMPT_QUIET_MS);
    },
  };
}

/** The key, also with Caps Lock; where it gives a letter of another script, the one in its place. */
function isD({ key, code }: KeyboardEvent): boolean {
  return key.toLowerCase() === 'd' || (code === 'KeyD' && /[^\0-\x7F]/.test(key));
}
