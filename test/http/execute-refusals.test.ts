import { describe, expect, it } from 'vitest';
import { refused } from './refused.ts';

const program = { language: 'python', files: [{ content: 'x' }] };
const withFile = (file: object) => ({ ...program, files: [{ content: 'x', ...file }] });
const named = (...names: string[]) => ({ ...program, files: names.map((name) => ({ name, content: '' })) });

const wall = 'must be a whole number of ms from 1 to 3000, or -1 for 3000';

describe('execute refuses', () => {
  it.each<[string, unknown, string]>([
    ['no object', [], 'The body must be a JSON object'],
    ['null', null, 'The body must be a JSON object'],
    ['text', 'x', 'The body must be a JSON object'],
    ['an empty object', {}, 'language is missing; files is missing'],
    ['a language that is no text', { ...program, language: 1 }, 'language must be text'],
    ['null as language', { ...program, language: null }, 'language must be text'],
    [
      'a language that nobody has',
      { ...program, language: 'html', version: '5.0.0' },
      'html-5.0.0 runtime is unknown',
    ],
    [
      'a language that nobody has, at any version',
      { ...program, language: 'html' },
      'html-* runtime is unknown',
    ],
    ['a version that is not here', { ...program, version: '2.7.x' }, 'python-2.7.x runtime is unknown'],
    ['a version that is none', { ...program, version: 'latest' }, 'python-latest runtime is unknown'],
    ['a version that is a number', { ...program, version: 3 }, 'version must be text'],
    [
      'an endless version',
      { ...program, version: '3'.repeat(101) },
      'version must be at most 100 characters long',
    ],
    ['files that are no list', { ...program, files: {} }, 'files must be a list'],
    ['no files', { ...program, files: [] }, 'files must have at least one file'],
    ['65 files', named(...Array.from({ length: 65 }, (_, n) => `${n}`)), 'files must have at most 64 files'],
    ['a file that is none', { ...program, files: ['x'] }, 'files[0] must be an object'],
    ['a file without content', { ...program, files: [{}] }, 'files[0].content is missing'],
    ['content that is no text', withFile({ content: 1 }), 'files[0].content must be text'],
    ['half a character', withFile({ content: '\uD800' }), 'files[0].content is not valid Unicode'],
    [
      'an unknown encoding',
      withFile({ encoding: 'utf16' }),
      'files[0].encoding must be one of utf8, base64, hex',
    ],
    ['broken base64', withFile({ content: 'a*b=', encoding: 'base64' }), 'files[0].content is not base64'],
    ['base64 that is cut', withFile({ content: 'A', encoding: 'base64' }), 'files[0].content is not base64'],
    ['broken hex', withFile({ content: '0g', encoding: 'hex' }), 'files[0].content is not hex'],
    ['hex that is cut', withFile({ content: '012', encoding: 'hex' }), 'files[0].content is not hex'],
    ['an escape', named('../../x'), "files[0].name must not contain the component '..'"],
    ['a hidden escape', named('m.py', 'a/../b'), "files[1].name must not contain the component '..'"],
    ['an absolute name', named('/etc/x'), 'files[0].name must be relative to the working directory'],
    ['a name with NUL', named('a\0'), 'files[0].name must not contain NUL'],
    ['a name too long', named('n'.repeat(256)), 'files[0].name must have components of at most 255 bytes'],
    ['a name twice', named('a', 'b', 'a'), 'files has two files named "a"'],
    [
      'a default name twice',
      { ...program, files: [{ content: '' }, { name: 'main.py', content: '' }] },
      'files has two files named "main.py"',
    ],
    ['a file that is a folder', named('a/b', 'a'), 'files has "a" as a file and as a folder'],
    ['input that is no text', { ...program, stdin: 1 }, 'stdin must be text'],
    ['arguments that are no list', { ...program, args: 'x' }, 'args must be a list of texts'],
    ['an argument that is no text', { ...program, args: ['a', 1] }, 'args[1] must be text'],
    // The elements of a list that is too long are not looked at: two million complaints took 6 s and 1.6 GB.
    ['too many arguments', { ...program, args: Array(1001).fill(0) }, 'args must have at most 1000 texts'],
    ['too many files', { ...program, files: Array(65).fill(0) }, 'files must have at most 64 files'],
    ['an argument with NUL', { ...program, args: ['a\0'] }, 'args[0] must not contain NUL'],
    ['a time of 0', { ...program, run_timeout: 0 }, `run_timeout ${wall}`],
    ['a time of -2', { ...program, run_timeout: -2 }, `run_timeout ${wall}`],
    ['a time over the maximum', { ...program, run_timeout: 3001 }, `run_timeout ${wall}`],
    ['a time of 1e308', { ...program, run_timeout: 1e308 }, `run_timeout ${wall}`],
    ['half a millisecond', { ...program, run_timeout: 0.5 }, `run_timeout ${wall}`],
    ['a time in text', { ...program, run_timeout: '5' }, `run_timeout ${wall}`],
    ['true as a time', { ...program, run_timeout: true }, `run_timeout ${wall}`],
    [
      'a CPU time over the maximum',
      { ...program, run_cpu_time: 2001 },
      'run_cpu_time must be a whole number of ms from 1 to 2000, or -1 for 2000',
    ],
    [
      'memory over the maximum',
      { ...program, run_memory_limit: 1001 },
      'run_memory_limit must be a whole number of bytes from 1 to 1000, or -1 for 1000',
    ],
    [
      'a compile time of 0',
      { ...program, compile_timeout: 0 },
      'compile_timeout must be a whole number of ms from 1 to 10000, or -1 for 10000',
    ],
    [
      'compile memory over the maximum',
      { ...program, compile_memory_limit: 1001 },
      'compile_memory_limit must be a whole number of bytes from 1 to 1000, or -1 for 1000',
    ],
  ])('%s', async (_what, body, message) => {
    expect(await refused(400, JSON.stringify(body))).toBe(message);
  });
});
