import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array, assert, constantFrom, property } from 'fast-check';
import { expect, it } from 'vitest';
import { curlCommand } from '../../../src/client/curl-command.ts';

/** In place of curl, something that says what it was given. */
const folder = mkdtempSync(join(tmpdir(), 'katabox-'));
writeFileSync(
  join(folder, 'curl'),
  `#!${process.execPath}\nconst text = require('fs').readFileSync(0, 'utf8');\nconsole.log(JSON.stringify([process.argv.slice(2), text]));\n`,
  { mode: 0o755 },
);

function asRun(command: string): [args: string[], input: string] {
  const env = { PATH: `${folder}:${process.env['PATH']}`, HOME: '/nowhere' };
  return JSON.parse(execFileSync('sh', ['-c', command], { env, encoding: 'utf8' })) as [string[], string];
}

it('hands over any program and any input, as they are', { timeout: 60_000 }, () => {
  const text = array(
    constantFrom(
      'a',
      "'",
      '"',
      '\\',
      '$HOME',
      '`id`',
      '\n',
      'PYTHON',
      '\nPYTHON\n',
      'ü',
      '🐍',
      '@',
      '=',
      '%',
      '!',
    ),
  );
  assert(
    property(text, text, (sources, stdins) => {
      const [source, stdin] = [sources.join(''), stdins.join('')];
      const [args, input] = asRun(curlCommand({ source, stdin }, 'https://kata.example.org'));
      const field = stdin === '' ? [] : ['--data-urlencode', `stdin=${stdin}`];
      expect(args).toEqual([
        'https://kata.example.org/send_code',
        '--data-urlencode',
        'source_code@-',
        ...field,
      ]);
      expect(input).toBe(source === '' || source.endsWith('\n') ? source : `${source}\n`);
    }),
    { numRuns: 50, examples: [[['PYTHON', 'ü'], []]] },
  );
});
