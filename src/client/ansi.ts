import { parse } from '@ansi-tools/parser';
import { createAnsiSequenceParser, createColorPalette, namedColors } from 'ansi-sequence-parser';

/** A piece of text in one style. Colours are as in CSS; null is the page's own. */
export interface StyledText {
  readonly text: string;
  readonly color: string | null;
  readonly background: string | null;
  /** Class names, separated by blanks. */
  readonly classes: string;
}

type ColorName = (typeof namedColors)[number];

export interface AnsiReader {
  /** What can be shown so far; the beginning of a sequence is kept until its end comes. */
  read(text: string): StyledText[];
}

/**
 * The beginning of a sequence (ECMA-48: escape, control, or string, whose text may not go on in the next line) or of a
 * line break, whose end is still to come.
 */
const UNFINISHED =
  // oxlint-disable-next-line no-control-regex -- control characters are what this is about
  /(?:\u001B(?:[ -/]*|\[[0-?]*[ -/]*)|\u009B[0-?]*[ -/]*|(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\n\u0007\u001B\u009C]*\u001B?|\r)$/;
/** Nobody waits for the end of a longer one: a terminal would, for ever. */
const MAX_UNFINISHED = 1024;
/** Longer than any that means something: the style parser takes 30 s over a list of 600 KB. */
const MAX_STYLE_SEQUENCE = 64;

// Named colours are the style sheet's, so that they can be read on a light page as on a dark one.
const palette = createColorPalette(
  Object.fromEntries(namedColors.map((name) => [name, `var(--ansi-${name})`])) as Record<ColorName, string>,
);

/**
 * Reads one stream of output. Colours and weights of ANSI sequences (ECMA-48, SGR) become styles; all other sequences
 * vanish without effect; a carriage return is a line break, as in HTML.
 */
export function createAnsiReader(): AnsiReader {
  const styles = createAnsiSequenceParser();
  let held = '';
  return {
    read(text) {
      const input = held + text;
      const tailAt = Math.max(input.length - MAX_UNFINISHED, 0);
      const unfinished = input.slice(tailAt).search(UNFINISHED);
      const end = unfinished < 0 ? input.length : tailAt + unfinished;
      held = input.slice(end);
      return styles.parse(withStylesOnly(input.slice(0, end))).map(toStyledText);
    },
  };
}

/** The text, with those of its sequences that style it. */
function withStylesOnly(input: string): string {
  let kept = '';
  for (const code of parse(input.replaceAll(/\r\n?/g, '\n'))) {
    if (code.type === 'TEXT') kept += code.raw;
    else if (code.type === 'CSI' && code.command === 'm') {
      if (code.raw.length <= MAX_STYLE_SEQUENCE) kept += `\u001B[${semicolonsOnly(code.raw)}m`;
    } else if (code.raw.includes('\n')) {
      kept += code.raw.slice(code.raw.indexOf('\n')); // it lacks its end, and is not to swallow what follows
    }
  }
  return kept;
}

/**
 * The parameters as the style parser knows them: of those with parts (ITU-T T.416, `38:2::255:0:0`, `4:3`) a colour
 * without its colour space, of others what they are without their parts.
 */
function semicolonsOnly(sequence: string): string {
  return sequence
    .replaceAll(/^[^\d:;]*|m$/g, '')
    .replaceAll(/([34]8):2:\d*:(\d+:\d+:\d+)/g, '$1:2:$2')
    .split(';')
    .map((parameter) =>
      /^[34]8:/.test(parameter) ? parameter.replaceAll(':', ';') : parameter.split(':', 1)[0],
    )
    .join(';');
}

type Token = ReturnType<ReturnType<typeof createAnsiSequenceParser>['parse']>[number];

function toStyledText({ value, foreground, background, decorations }: Token): StyledText {
  const [front, back] = [foreground, background].map((color) => (color ? palette.value(color) : null));
  // What is to be hidden is shown: nothing that was printed is kept from who reads.
  const classes = [...decorations].filter((name) => name !== 'hidden' && name !== 'reverse').join(' ');
  if (!decorations.has('reverse'))
    return { text: value, color: front ?? null, background: back ?? null, classes };
  return { text: value, color: back ?? 'var(--surface)', background: front ?? 'var(--ink)', classes };
}
