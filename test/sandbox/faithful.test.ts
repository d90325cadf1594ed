import { afterAll, describe, expect, it } from 'vitest';
import { comparable, comparablePlain } from './comparable.ts';
import { createTestRunner, stderrOf, stdoutOf } from './engine.ts';
import { programs } from './faithful-programs.ts';
import { plainRun } from './plain-docker.ts';

const sandbox = createTestRunner();
afterAll(() => sandbox[Symbol.asyncDispose]());

describe('a run is what `docker run python:3 python -u -c SOURCE` is', () => {
  it.concurrent.each(programs.map(([name, source, stdin = '']) => [name, source, stdin] as const))(
    'for %s',
    async (_name, source, stdin) => {
      const [ours, plain] = await Promise.all([
        sandbox.run(source, { stdin }),
        plainRun(source, { stdin, overrides: { WorkingDir: '/box' } }),
      ]);
      expect(comparable(ours)).toEqual(comparablePlain(plain));
    },
  );

  it('for a source as long as an argument can be', async () => {
    const filler = `# ${'x'.repeat(96)}\n`.repeat(1290);
    const source = `${filler}print("the end")\n1/0`;
    expect(source.length).toBeGreaterThan(127_000);
    const [ours, plain] = await Promise.all([sandbox.run(source), plainRun(source)]);
    expect(comparable(ours)).toEqual(comparablePlain(plain));
  });
});

describe('where `-c` cannot carry the source', () => {
  it('runs 200 KiB as it would run less', async () => {
    const lines = Array.from({ length: 20_000 }, (_, n) => `a${n} = ${n}`);
    const source = `${lines.join('\n')}\nprint(a19999)\n1/0`;
    expect(source.length).toBeGreaterThan(200 * 1024);
    const result = await sandbox.run(source);
    expect(stdoutOf(result)).toBe('19999\n');
    expect(stderrOf(result)).toMatch(/^Traceback .*\n {2}File "<string>", line 20002, in <module>\n/);
  });

  it('refuses a NUL as Python refuses it in a file, with its line', async () => {
    const result = await sandbox.run('print("one")\nprint("t\0wo")');
    expect(result).toMatchObject({ verdict: 'error', exitCode: 1 });
    expect(stdoutOf(result)).toBe('');
    expect(stderrOf(result)).toBe(
      '  File "<string>", line 2\nSyntaxError: source code cannot contain null bytes\n',
    );
  });
});

it('gives the program its arguments', async () => {
  const result = await sandbox.run('import sys\nprint(sys.argv)', { args: ['a b', 'ü"\\', ''] });
  expect(stdoutOf(result)).toBe(`['-c', 'a b', 'ü"\\\\', '']\n`);
});
