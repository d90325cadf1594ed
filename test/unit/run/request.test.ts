import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/run/limits.ts';
import { parseRunRequest } from '../../../src/run/request.ts';
import { BadRequestError } from '../../../src/run/runner.ts';
import { limitsWith } from '../../run-result.ts';

const problemWith = (input: unknown, limits = defaultLimits) => {
  try {
    parseRunRequest(input, limits);
  } catch (error) {
    return error;
  }
  return null;
};

describe('a run request', () => {
  it('is made of the fields of a form, held to the limits of the server', () => {
    const limits = limitsWith({ wallMs: 123 });
    expect(parseRunRequest({ source_code: 'print(input())', stdin: 'hi\n' }, limits)).toEqual({
      language: 'python',
      program: { source: 'print(input())' },
      stdin: 'hi\n',
      args: [],
      limits,
    });
  });

  it('has an empty standard input unless one is given', () => {
    expect(parseRunRequest({ source_code: 'pass' }, defaultLimits).stdin).toBe('');
  });

  it.each(['', '\n', '\r\n\tx = 1\r\n', 'print("é€𝄞")', '\0', '\uFEFFpass'])(
    'takes the program %j as it is',
    (source) => {
      expect(parseRunRequest({ source_code: source }, defaultLimits).program).toEqual({ source });
    },
  );

  it('ignores fields that it does not know', () => {
    const input = JSON.parse('{"source_code": "pass", "limits": {"wallMs": 1}, "__proto__": {"stdin": "x"}}');
    expect(parseRunRequest(input, defaultLimits)).toMatchObject({ stdin: '', limits: defaultLimits });
  });

  it.each([
    ['no fields', {}, 'source_code is missing'],
    ['another field only', { source: 'pass' }, 'source_code is missing'],
    ['a field given twice', { source_code: ['a', 'b'] }, 'source_code must be text, given once'],
    ['a number', { source_code: 1 }, 'source_code must be text, given once'],
    ['null', { source_code: null }, 'source_code must be text, given once'],
    ['input given twice', { source_code: '', stdin: ['a', 'b'] }, 'stdin must be text, given once'],
    ['half a character', { source_code: 'x = "\uD800"' }, 'source_code is not valid Unicode'],
    ['half a character of input', { source_code: '', stdin: '\uDC00' }, 'stdin is not valid Unicode'],
    ['two mistakes', { stdin: 1 }, 'source_code is missing; stdin must be text, given once'],
    ['no form at all', null, 'The body is not a form'],
    ['a list', ['source_code'], 'The body is not a form'],
    ['text', 'source_code=1', 'The body is not a form'],
  ])('refuses %s, naming what is wrong', (_what, input, message) => {
    const problem = problemWith(input);
    expect(problem).toBeInstanceOf(BadRequestError);
    expect(problem).toMatchObject({ message, tooLarge: false });
  });

  it.each([
    ['source_code', 'sourceBytes'],
    ['stdin', 'stdinBytes'],
  ])('holds %s to its limit, counted in bytes of UTF-8', (field, limit) => {
    const limits = limitsWith({ [limit]: 6 });
    const input = (text: string) => ({ source_code: '', [field]: text });
    expect(problemWith(input('€€'), limits)).toBeNull();
    const problem = problemWith(input('€€a'), limits);
    expect(problem).toBeInstanceOf(BadRequestError);
    expect(problem).toMatchObject({
      message: `${field} is too large: 7 bytes, the limit is 6`,
      tooLarge: true,
    });
  });
});
