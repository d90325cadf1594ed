import type { StreamName } from '../run/result.ts';
import type { StyledText } from './ansi.ts';

/** What stands in the output: what the program wrote, and what was typed into it. */
export type Source = StreamName | 'typed';

export interface OutputBlocks {
  readonly add: (source: Source, piece: StyledText) => void;
  readonly clear: () => void;
}

/** A block ends with the line that makes it so long, in UTF-16 units, or of so many pieces. */
const BLOCK = 8 * 1024;
/** A line ends its block when it has become so long, or of so many pieces: with each that is added it is laid out anew. */
const MAX_LINE = 1.5 * BLOCK;
const MAX_PIECES = 500;

/** Puts text into blocks, of which the browser lays out only those that are to be seen (style/result.css). */
export function createOutputBlocks(element: HTMLElement): OutputBlocks {
  let block: HTMLElement | null = null;
  let size = 0;
  /** Where in the block its last line begins. */
  let line = { at: 0, piece: 0 };

  function end(): void {
    block = null;
    size = 0;
    line = { at: 0, piece: 0 };
  }

  /** How much of a text goes into the block in one piece. */
  function lengthOfPart(text: string, source: Source, { childElementCount }: HTMLElement): number {
    // The bar beside stderr (style/result.css) begins with the first line that is wholly its own.
    const untilBreak = childElementCount >= MAX_PIECES || (source === 'stderr' && size > line.at);
    const lineBreak = text.indexOf('\n', untilBreak ? 0 : Math.max(BLOCK - size, 0));
    return lineBreak < 0 ? text.length : lineBreak + 1;
  }

  return {
    add(source, piece) {
      for (let rest = piece.text; rest !== '';) {
        block ??= element.appendChild(newBlock());
        const text = rest.slice(0, lengthOfPart(rest, source, block));
        rest = rest.slice(text.length);
        addTo(block, source, { ...piece, text });

        const pieces = block.childElementCount;
        const lineBreak = text.lastIndexOf('\n') + 1;
        if (lineBreak > 0) line = { at: size + lineBreak, piece: pieces };
        size += text.length;
        const isFull = line.at === size && (size >= BLOCK || pieces >= MAX_PIECES);
        if (isFull || size - line.at >= MAX_LINE || pieces - line.piece >= MAX_PIECES) end();
      }
    },
    clear() {
      end();
      element.replaceChildren();
    },
  };
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
  const isOpen = last !== null && !last.textContent.endsWith('\n');
  if (
    last instanceof HTMLElement &&
    last.className === className &&
    (last.dataset['style'] ?? '|') === style &&
    (isOpen || last.dataset['amidLine'] === undefined)
  ) {
    (last.lastChild as Text).appendData(text);
    return;
  }
  const span = document.createElement('span');
  span.className = className;
  if (isOpen) span.dataset['amidLine'] = '';
  if (style !== '|') {
    span.dataset['style'] = style;
    span.style.color = color ?? '';
    span.style.backgroundColor = background ?? '';
  }
  span.append(text);
  block.append(span);
}
