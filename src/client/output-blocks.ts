import type { StreamName } from '../run/result.ts';
import type { StyledText } from './ansi.ts';

/** What stands in the output: what the program wrote, and what was typed into it. */
export type Source = StreamName | 'typed';

export interface OutputBlocks {
  readonly add: (source: Source, piece: StyledText) => void;
  readonly clear: () => void;
}

/**
 * A block ends with the line that makes it so long (in UTF-16 units), or amid a line that is half as long again or of so many
 * pieces: with each bit that is added to it the browser lays it out anew.
 */
const BLOCK = 8 * 1024;
const MAX_BLOCK = 1.5 * BLOCK;
const MAX_PIECES = 500;

/** Puts text into blocks, of which the browser lays out only those that are to be seen (style/result.css). */
export function createOutputBlocks(element: HTMLElement): OutputBlocks {
  let block: HTMLElement | null = null;
  let size = 0;
  return {
    add(source, piece) {
      for (const text of splitForBlocks(piece.text, size)) {
        block ??= element.appendChild(newBlock());
        addTo(block, source, { ...piece, text });
        size += text.length;
        const isFull = size >= MAX_BLOCK || block.childElementCount >= MAX_PIECES;
        if (isFull || (size >= BLOCK && text.endsWith('\n'))) {
          block = null;
          size = 0;
        }
      }
    },
    clear() {
      block = null;
      size = 0;
      element.replaceChildren();
    },
  };
}

/** Ends a piece at the line break with which the block is full. */
function splitForBlocks(text: string, size: number): string[] {
  const full = text.indexOf('\n', Math.max(BLOCK - size, 0)) + 1;
  if (full === 0 || full === text.length) return [text];
  return [text.slice(0, full), text.slice(full)];
}

function newBlock(): HTMLElement {
  const block = document.createElement('span');
  block.className = 'block';
  return block;
}

/** Text of the same style goes on in the same element, so that a line is in one piece to whoever looks for it. */
function addTo(block: HTMLElement, source: Source, { text, color, background, classes }: StyledText): void {
  const className = `${source} ${classes}`.trim();
  const style = `${color ?? ''}|${background ?? ''}`;
  const last = block.lastElementChild;
  if (
    last instanceof HTMLElement &&
    last.className === className &&
    (last.dataset['style'] ?? '|') === style
  ) {
    (last.lastChild as Text).appendData(text);
    return;
  }
  const span = document.createElement('span');
  span.className = className;
  if (last && !last.textContent.endsWith('\n')) span.dataset['amidLine'] = '';
  if (style !== '|') {
    span.dataset['style'] = style;
    span.style.color = color ?? '';
    span.style.backgroundColor = background ?? '';
  }
  span.append(text);
  block.append(span);
}
