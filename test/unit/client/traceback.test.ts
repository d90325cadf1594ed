import { describe, expect, it } from 'vitest';
import { lineReferences, programNames } from '../../../src/client/traceback.ts';

const { live, form } = programNames;
const referred = (text: string) =>
  lineReferences(text, live).map(({ index, length, line }) => [text.slice(index, index + length), line]);

describe('the lines that a text names', () => {
  it.each([
    [
      'a traceback of named files',
      'Traceback (most recent call last):\n  File "/box/main.py", line 5, in <module>\n    f(0)\n  File "/usr/lib/python3.11/json/__init__.py", line 346, in loads\n  File "/box/main.py", line 12, in f\n',
      [
        ['File "/box/main.py", line 5', 5],
        ['File "/box/main.py", line 12', 12],
      ],
    ],
    [
      'an exception group',
      '  | File "/box/main.py", line 2\n    |   File "/box/main.py", line 7\n',
      [
        ['File "/box/main.py", line 2', 2],
        ['File "/box/main.py", line 7', 7],
      ],
    ],
    ['a warning', '/box/main.py:4: DeprecationWarning: old\n', [['/box/main.py:4', 4]]],
    ['other files', '  File "/box/other.py", line 1\n  File "/usr/main.py", line 1\n', []],
    ['what only looks like it', 'see File "/box/main.py", line 5\n x /box/main.py:4: y', []],
    ['a program within the program', '  File "<string>", line 1, in <module>\n', []],
    ['nothing', '', []],
  ])('are found in %s', (_what, text, references) => {
    expect(referred(text)).toEqual(references);
  });
});

it('is another name by which the form runs a program', () => {
  const text = '  File "/box/main.py", line 1\n  File "<string>", line 3, in <module>\n';
  expect(lineReferences(text, form)).toEqual([{ index: 32, length: 23, line: 3 }]);
});

it('takes no longer than a text is long, not even of blanks', () => {
  const before = performance.now();
  expect(lineReferences(`${' '.repeat(500_000)}File "/box/main.py", line 1`, live)).toEqual([]);
  expect(lineReferences(`${' '.repeat(79)}\n`.repeat(5000), live)).toEqual([]);
  expect(performance.now() - before).toBeLessThan(500);
});
