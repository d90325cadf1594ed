import { describe, expect, it } from 'vitest';
import { findRuntime, type Runtime } from '../../../src/run/runtimes.ts';

const runtimeAt = (version: string): Runtime => ({ language: 'python', version, aliases: ['py', 'py3'] });
const found = (language: string, range: string, version = '3.13.1') =>
  findRuntime([runtimeAt(version)], language, range) !== undefined;

describe('a runtime is found', () => {
  it.each(['python', 'py', 'py3'])('by the name %s', (language) => {
    expect(found(language, '*')).toBe(true);
  });

  it.each([
    '*',
    '3',
    '3.x',
    '3.13',
    '3.13.x',
    '3.13.1',
    '^3.10',
    '~3.13.0',
    '>=3.6 <4',
    '2 || 3',
    'v3.13.1',
    '',
  ])('by the range %j', (range) => {
    expect(found('python', range)).toBe(true);
  });

  it.each(['3.14.0rc2', '3.14.0+', '3.14.0'])('though its version is %s', (version) => {
    expect(found('python', '3.x', version)).toBe(true);
    expect(found('python', version, version)).toBe(true);
    expect(found('python', '*', version)).toBe(true);
  });
});

describe('no runtime is found', () => {
  it.each([
    ['html', '5.0.0'],
    ['Python', '*'],
    ['', '*'],
    ['__proto__', '*'],
    ['python', '2.x'],
    ['python', '3.13.2'],
    ['python', 'latest'],
    ['python', '*; rm -rf /'],
    ['python', '>'.repeat(100)],
  ])('for %s at %s', (language, range) => {
    expect(found(language, range)).toBe(false);
  });
});
