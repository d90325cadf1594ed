import { array, assert, boolean, constantFrom, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAnsiReader, type StyledText } from '../../../src/client/ansi.ts';

const read = (...texts: string[]): StyledText[] => {
  const reader = createAnsiReader();
  return texts.flatMap((text) => reader.read(text));
};
const textOf = (pieces: StyledText[]) => pieces.map(({ text }) => text).join('');
/** Each character with what it looks like, so that it does not matter how the text is cut. */
const styledCharacters = (pieces: StyledText[]) =>
  pieces.flatMap(({ text, color, background, classes }) =>
    Array.from(text, (char) => ({ char, color, background, classes })),
  );
const plain = { color: null, background: null, classes: '' };

describe('styles', () => {
  it.each([
    ['a colour', '31', { color: 'var(--ansi-red)' }],
    ['a bright one', '92', { color: 'var(--ansi-brightGreen)' }],
    ['a background', '44', { color: '#ffffff', background: '#0000bb' }],
    ['a light background', '107', { color: '#000000', background: '#ffffff' }],
    ['a colour that can be read on its background', '97;41', { color: '#ffffff', background: '#bb0000' }],
    ['a colour that cannot', '31;41', { color: '#ffffff', background: '#bb0000' }],
    [
      'a picture, of which each half of a character is a colour',
      '38;2;9;9;9;48;2;9;9;8',
      { color: '#090909', background: '#090908' },
    ],
    ['one of 256', '38;5;196', { color: '#ff0000' }],
    ['a grey of 256', '38;5;255', { color: '#eeeeee' }],
    ['one of 16 million', '48;2;1;2;255', { color: '#ffffff', background: '#0102ff' }],
    ['one of 16 million, with colons', '38:2::1:2:255', { color: '#0102ff' }],
    ['one of 16 million, with all that may stand there', '38:2::1:2:255::1:0', { color: '#0102ff' }],
    ['one of 256, with colons', '38:5:196', { color: '#ff0000' }],
    ['weights', '1;3;4;9', { classes: 'bold italic underline strikethrough' }],
    ['an underline with a shape', '4:3', { classes: 'underline' }],
    ['an underline of no shape, which is none', '4;4:0', {}],
    ['the colour of an underline, which is not shown', '58;5;1;58;2;255;0;3', {}],
    ['a reset that is left out', '1;31;;3', { classes: 'italic' }],
    ['what is said last', '31;0;1;22', {}],
    ['a colour with a part left out', '38;2;;0;255', { color: '#0000ff' }],
    ['reverse', '7', { color: 'var(--surface)', background: 'var(--ink)' }],
    ['reverse with a colour', '7;31', { color: '#ffffff', background: '#bb0000' }],
    ['reverse with a background', '7;44', { color: 'var(--surface)', background: 'var(--ink)' }],
    ['something of a terminal’s own', '>4;2', {}],
    ['concealed text, which is shown', '8', {}],
    ['a colour that there is not', '38;5;999', {}],
    ['half a colour', '38;2;1', {}],
  ])('are those of %s', (_what, parameters, style) => {
    expect(read(`\u001B[${parameters}mx`)).toEqual([{ text: 'x', ...plain, ...style }]);
  });

  it('last until they are reset', () => {
    expect(read('\u001B[1;31ma\n', 'b\u001B[22mc\u001B[0md')).toEqual([
      { text: 'a\n', ...plain, color: 'var(--ansi-red)', classes: 'bold' },
      { text: 'b', ...plain, color: 'var(--ansi-red)', classes: 'bold' },
      { text: 'c', ...plain, color: 'var(--ansi-red)' },
      { text: 'd', ...plain },
    ]);
  });

  it('end as grep and git end them', () => {
    expect(read('\u001B[01;31m\u001B[Kred\u001B[m\u001B[K plain')).toEqual([
      { text: 'red', ...plain, color: 'var(--ansi-red)', classes: 'bold' },
      { text: ' plain', ...plain },
    ]);
  });
});

describe('all other sequences', () => {
  it.each([
    ['clear the screen', '\u001B[2J'],
    ['move the cursor', '\u001B[5;5H'],
    ['set the title', '\u001B]0;title\u0007'],
    ['link', '\u001B]8;;https://example.org\u001B\\'],
    ['reset the terminal', '\u001Bc'],
    ['change the alphabet', '\u001B(B'],
    ['hide the cursor', '\u001B[?25l'],
    ['ask for an answer', '\u001B[6n'],
    ['carry a picture', '\u001BPq#0;2;0;0;0\u001B\\'],
    ['say nothing (APC)', '\u001B_private\u001B\\'],
    ['are styles of a length that nobody means', `\u001B[${'1;'.repeat(100_000)}m`],
  ])('that %s vanish', (_what, sequence) => {
    expect(textOf(read(`a${sequence}b`))).toBe('ab');
  });

  it.each([
    ['has no end and goes on in the next line', 'a\u001B]0;title\nb', 'a\nb'],
    ['has no end and is too long to wait for', `a\u001B]${'x'.repeat(3000)}`, 'a'],
    ['is broken by a line break', 'a\u001B[3\nb', 'a\nb'],
  ])('one that %s swallows no more', (_what, text, shown) => {
    expect(textOf(read(text))).toBe(shown);
  });
});

// Eight-bit controls of ECMA-48, which hardly anybody means: they are what text in the wrong encoding is full of.
it.each([
  ['â\u0080\u009CHelloâ\u0080\u009D and the rest', 'â��Helloâ�� and the rest'],
  ['\u009B2J', '�2J'],
  ['wait \u0090 for ever', 'wait � for ever'],
])('text in the wrong encoding hides nothing: %j', (text, shown) => {
  expect(textOf(read(text))).toBe(shown);
});

it.each([
  ['a\r\nb', 'a\nb'],
  ['10%\r20%\r30%\n', '10%\n20%\n30%\n'],
])('a carriage return is a line break, as in HTML: %j', (text, shown) => {
  expect(textOf(read(text, '.'))).toBe(`${shown}.`);
});

it('reads the same however the text is cut', () => {
  const parts = [
    '\u001B[31m',
    '\u001B[0m',
    '\u001B]0;t\u0007',
    '\u001B[2K',
    '\u001B(B',
    '\u009B1m',
    '\r',
    '\r\n',
    '\n',
    '🐍',
    ';',
    'm',
  ];
  const texts = array(constantFrom(...parts)).map((some) => `${some.join('')}.`);
  const cuts = array(boolean(), { minLength: 1, maxLength: 50 });
  assert(
    property(texts, cuts, (text, isCut) => {
      const pieces = [''];
      Array.from(text).forEach((char, index) => {
        if (isCut[index % isCut.length]) pieces.push('');
        pieces[pieces.length - 1] += char;
      });
      expect(styledCharacters(read(...pieces))).toEqual(styledCharacters(read(text)));
    }),
    { numRuns: 1000 },
  );
});

it.each(['\u001B[', '\u001B]', '\u001BP', '\u001B[1;', '\u001B[38:2:', '\r'])(
  'takes no longer than its text is long, not even of %j',
  (evil) => {
    const reader = createAnsiReader();
    const before = performance.now();
    for (let size = 0; size < 1024 * 1024; size += 8 * 1024)
      reader.read(evil.repeat((8 * 1024) / evil.length));
    expect(performance.now() - before).toBeLessThan(2000);
  },
);
