import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conflictOfFileNames, problemOfFileName } from '../../../src/run/file-name.ts';

describe('the name of a file', () => {
  it.each(['main.py', 'a/b/c.txt', '.hidden', '...', 'a b', 'größe', '-x', 'a\nb', 'x'.repeat(255), '~'])(
    'may be %j',
    (name) => {
      expect(problemOfFileName(name)).toBeNull();
    },
  );

  it.each([
    ['', "must not contain the component ''"],
    ['/etc/passwd', 'must be relative to the working directory'],
    ['..', "must not contain the component '..'"],
    ['../../x', "must not contain the component '..'"],
    ['a/../b', "must not contain the component '..'"],
    ['a/..', "must not contain the component '..'"],
    ['./main.py', "must not contain the component '.'"],
    ['a//b', "must not contain the component ''"],
    ['a/', "must not contain the component ''"],
    ['a\0b', 'must not contain NUL'],
    ['\uD800.py', 'is not valid Unicode'],
    ['x'.repeat(256), 'must have components of at most 255 bytes'],
    [`d/${'é'.repeat(128)}`, 'must have components of at most 255 bytes'],
    [`${'d/'.repeat(1200)}x`, 'must be at most 2048 bytes long'],
  ])('must not be %j', (name, problem) => {
    expect(problemOfFileName(name)).toBe(problem);
  });

  it('that is accepted stays below the working directory', () => {
    const component = fc.constantFrom('..', '.', '', 'a', 'b.py', '/', '\0');
    fc.assert(
      fc.property(fc.array(component, { minLength: 1 }), (components) => {
        const name = components.join('/');
        if (problemOfFileName(name) !== null) return;
        const path = new URL(name, 'file:///box/').pathname;
        expect(path).toBe(`/box/${name}`);
      }),
    );
  });
});

describe('names side by side', () => {
  it.each([[['a']], [['a', 'b']], [['a/b', 'a/c', 'ab']], [['a.py', 'a/b']]])('may be %j', (names) => {
    expect(conflictOfFileNames(names)).toBeNull();
  });

  it.each([
    [['a', 'b', 'a'], 'has two files named "a"'],
    [['a', 'a/b'], 'has "a" as a file and as a folder'],
    [['x/y/z', 'x/y'], 'has "x/y" as a file and as a folder'],
  ])('must not be %j', (names, conflict) => {
    expect(conflictOfFileNames(names)).toBe(conflict);
  });

  it('take no longer to compare for being deep', () => {
    const names = Array.from({ length: 64 }, (_, n) => `${'a/'.repeat(1000)}${n}`);
    const startedAt = performance.now();
    expect(conflictOfFileNames(names)).toBeNull();
    expect(performance.now() - startedAt).toBeLessThan(100); // by way of all their folders it took 400 ms
  });
});
