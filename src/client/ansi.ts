import { parse } from '@ansi-tools/parser';
import { createAnsiSequenceParser } from 'ansi-sequence-parser';
import { type Colors, colorsOf, type Token } from './ansi-colors.ts';

/** A piece of text in one style. */
export interface StyledText extends Colors {
  readonly text: string;
  /** Class names, separated by blanks. */
  readonly classes: string;
}

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
  /(?:\u001B(?:[ -/]*|\[[0-?]*[ -/]*)|\u001B[\]PX^_][^\n\u0007\u001B]*\u001B?|\r)$/;
/** Nobody waits for the end of a longer one: a terminal would, for ever. */
const MAX_UNFINISHED = 1024;
/** Longer than any that means something: the style parser takes 30 s over a list of 600 KB. */
const MAX_STYLE_SEQUENCE = 64;

/** Controls of eight bits (ECMA-48, C1). Hardly anybody means them: they are what text in a wrong encoding is full of. */
const EIGHT_BIT_CONTROLS = /[\u0080-\u009F]/g;

/**
 * Reads one stream of output. Colours and weights of ANSI sequences (ECMA-48, SGR) become styles; all other sequences
 * vanish without effect; a carriage return is a line break, as in HTML, and a control of eight bits a replacement character.
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
  for (const code of parse(input.replaceAll(/\r\n?/g, '\n').replaceAll(EIGHT_BIT_CONTROLS, '\uFFFD'))) {
    if (code.type === 'TEXT') kept += code.raw;
    else if (code.type === 'CSI' && code.command === 'm') {
      if (code.raw.length <= MAX_STYLE_SEQUENCE) kept += oneByOne(code.raw);
    } else if (code.raw.includes('\n')) {
      kept += code.raw.slice(code.raw.indexOf('\n')); // it lacks its end, and is not to swallow what follows
    }
  }
  return kept;
}

/** The codes of a colour, which have parameters of their own; the last is that of underlines, which are in one here. */
const [FOREGROUND, BACKGROUND, UNDERLINE] = ['38', '48', '58'];

/**
 * A sequence for each style that one sequence names, in the form that the style parser knows: nothing left out, and
 * semicolons for the colons of ITU-T T.416 (`38:2::255:0:0`, `4:3`), of which colours lose their colour space.
 */
function oneByOne(sequence: string): string {
  const parameters = sequence.slice('\u001B['.length, -'m'.length).split(';');
  if (parameters.some((parameter) => /[^\d:]/.test(parameter))) return ''; // a terminal's own, or broken
  let styles = '';
  while (parameters.length > 0) {
    const [code = '', ...parts] = parameters.shift()!.split(':');
    if ([FOREGROUND, BACKGROUND, UNDERLINE].includes(code)) {
      const color = parts.length > 0 ? parts : parameters.splice(0, parameters[0] === '2' ? 4 : 2);
      if (color[0] === '2' && color.length > 4) color.splice(1, 1);
      if (code !== UNDERLINE) styles += style(code, ...color.slice(0, color[0] === '2' ? 4 : 2));
    } else styles += style(code === '4' && parts[0] === '0' ? '24' : code);
  }
  return styles;
}

const style = (...codes: string[]) => `\u001B[${codes.map((code) => code || '0').join(';')}m`;

function toStyledText(token: Token): StyledText {
  // What is to be hidden is shown: nothing that was printed is kept from who reads.
  const classes = [...token.decorations].filter((name) => name !== 'hidden' && name !== 'reverse').join(' ');
  return { text: token.value, ...colorsOf(token), classes };
}
