import { afterAll, describe, expect, it } from 'vitest';
import type { ProgramFile } from '../../src/run/request.ts';
import { limitsWith } from '../run-result.ts';
import { comparable, comparablePlain } from './comparable.ts';
import { createTestRunner, stderrOf, stdoutOf } from './engine.ts';
import { plainRun } from './plain-docker.ts';

const sandbox = createTestRunner();
afterAll(() => sandbox[Symbol.asyncDispose]());

type Files = Readonly<Record<string, string | Buffer>>;

function programOf(files: Files) {
  const [first, ...others] = Object.entries(files).map(([name, content]): ProgramFile => ({
    name,
    content: Buffer.from(content),
  }));
  return { files: [first!, ...others] } as const;
}

/** Puts the files into the working directory of a container without any of ours, and runs `python -u NAME`. */
function plainRunOfFiles(files: Files, args: readonly string[] = [], stdin = '') {
  const contents = Object.entries(files).map(([name, content]) => [
    name,
    Buffer.from(content).toString('base64'),
  ]);
  const command = ['python', '-u', Object.keys(files)[0], ...args];
  const plan = Buffer.from(JSON.stringify({ contents, command })).toString('base64');
  const setUp = `import base64, json, os
plan = json.loads(base64.b64decode('${plan}'))
for name, content in plan['contents']:
    os.makedirs(os.path.dirname(name) or '.', exist_ok=True)
    open(name, 'wb').write(base64.b64decode(content))
os.execvp('python', plan['command'])`;
  return plainRun(setUp, { stdin, overrides: { WorkingDir: '/box' } });
}

const latin1 = Buffer.from('# -*- coding: latin-1 -*-\nprint("é", len("é"))\n1/0 # é', 'latin1');

const cases: readonly (readonly [name: string, files: Files, args?: readonly string[], stdin?: string])[] = [
  [
    'its own name and place',
    {
      'main.py':
        'import sys, os\nprint(__file__, __name__, sys.argv, sys.path[0], os.getcwd(), sorted(globals()))',
    },
  ],
  [
    'its loader and spec',
    { 'main.py': 'print(type(__loader__).__name__, __spec__, __package__, __doc__, __builtins__)' },
  ],
  ['arguments', { 'main.py': 'import sys\nprint(sys.argv)' }, ['a b', 'é"\\n', '--', '-x']],
  ['its standard input', { 'main.py': 'print(input()[::-1])\nprint(input())' }, [], 'abc\n'],
  [
    'an import of another file',
    { 'main.py': 'import helper\nprint(helper.answer, helper.__file__)', 'helper.py': 'answer = 42' },
  ],
  [
    'a package',
    {
      'main.py': 'from pkg.sub import mod\nprint(mod.x, mod.__name__)',
      'pkg/__init__.py': '',
      'pkg/sub/__init__.py': '',
      'pkg/sub/mod.py': 'x = 1',
    },
  ],
  [
    'a program in a folder',
    {
      'src/app.py': 'import sys, other\nprint(__file__, sys.argv[0], sys.path[0], other.x)',
      'src/other.py': 'x = 2',
    },
  ],
  [
    'a file that is only data',
    { 'main.py': 'print(open("data/in.bin", "rb").read())', 'data/in.bin': Buffer.from([0, 255, 10]) },
  ],
  ['a traceback', { 'main.py': 'def f():\n    return 1 / 0\n\nf()' }],
  [
    'a traceback through another file',
    { 'main.py': 'import a\na.f()', 'a.py': 'def f():\n    raise KeyError("x")' },
  ],
  ['a syntax error', { 'main.py': 'print("one")\nif True print()' }],
  ['an indentation error in an import', { 'main.py': 'import a', 'a.py': 'def f():\nreturn 1' }],
  ['a NUL', { 'main.py': 'print(1)\nprint("\0")' }],
  ['a coding cookie', { 'main.py': latin1 }],
  ['bytes that are not UTF-8, without a cookie', { 'main.py': Buffer.from('print("\xe9")', 'latin1') }],
  ['a byte order mark', { 'main.py': Buffer.from('\uFEFFprint("bom")') }],
  ['CRLF', { 'main.py': 'print("a")\r\nif 1:\r\n    print("b")\r\n' }],
  ['an empty file', { 'main.py': '' }],
  ['no line end', { 'main.py': 'print(1)#' }],
  ['an exit code', { 'main.py': 'import sys\nsys.exit(7)' }],
  ['an exit message', { 'main.py': 'raise SystemExit("bye")' }],
  ['an interrupt of its own', { 'main.py': 'raise KeyboardInterrupt' }],
  ['atexit', { 'main.py': 'import atexit\natexit.register(print, "bye")\nprint("hi")' }],
  [
    'a deep recursion',
    { 'main.py': 'def f(n):\n    return n if n == 0 else f(n - 1)\nprint(f(990))\nf(2000)' },
  ],
  [
    'how deep it can recurse',
    {
      'main.py':
        'n = 0\ndef f():\n    global n\n    n += 1\n    f()\ntry:\n    f()\nexcept RecursionError:\n    print(n)',
    },
  ],
  [
    'multiprocessing, forked',
    {
      'main.py':
        'import multiprocessing as m\ndef f(x): return x * x\nif __name__ == "__main__":\n    with m.get_context("fork").Pool(2) as p: print(p.map(f, range(5)))',
    },
  ],
  [
    'multiprocessing, spawned',
    {
      'main.py':
        'import multiprocessing as m\ndef f(x): return x * x\nif __name__ == "__main__":\n    with m.get_context("spawn").Pool(2) as p: print(p.map(f, range(5)))',
    },
  ],
  [
    'running itself again',
    {
      'main.py':
        'import subprocess, sys\nif len(sys.argv) > 1: print("again", sys.argv)\nelse: print(subprocess.run([sys.executable, __file__, "x"], capture_output=True, text=True).stdout)',
    },
  ],
  [
    'runpy and inspect',
    {
      'main.py': 'import inspect\ndef f():\n    pass\nprint(inspect.getsource(f), inspect.getsourcefile(f))',
    },
  ],
  [
    'pickle of its own class',
    { 'main.py': 'import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))).__module__)' },
  ],
  ['a warning', { 'main.py': 'import warnings\nwarnings.warn("careful")\n"\\d"' }],
  ['a name that is not ASCII', { 'größe 你.py': 'import sys\nprint(__file__, sys.argv)\n1/0' }],
  ['a name without an ending', { program: 'print(__file__)' }],
];

describe('files run as `docker run python:3 python -u NAME` would', () => {
  it.concurrent.each(cases.map(([name, ...given]) => [name, given] as const))(
    'with %s',
    async (_name, [files, args = [], stdin = '']) => {
      const [ours, plain] = await Promise.all([
        sandbox.run('', { program: programOf(files), args, stdin }),
        plainRunOfFiles(files, args, stdin),
      ]);
      expect(comparable(ours)).toEqual(comparablePlain(plain));
    },
  );
});

it('all sixty-four of them arrive', async () => {
  const others = Object.fromEntries(
    Array.from({ length: 63 }, (_, n) => [`d${n % 7}/f${n}.txt`, `${n}`.repeat(n)]),
  );
  const main =
    'import glob\nprint(sum(len(open(f).read()) for f in glob.glob("d*/*")), len(glob.glob("d*/*")))';
  const result = await sandbox.run('', { program: programOf({ 'main.py': main, ...others }) });
  const characters = Object.values(others).join('').length;
  expect(stdoutOf(result)).toBe(`${characters} 63\n`);
});

it('a file as large as a source may be runs', async () => {
  const main = `x = 1\n${`#${'x'.repeat(98)}\n`.repeat(10_000)}print("end")`;
  const result = await sandbox.run('', { program: programOf({ 'main.py': main }) });
  expect(stdoutOf(result)).toBe('end\n');
});

it('names of a component of 255 bytes fit', async () => {
  const name = `${'n'.repeat(252)}.py`;
  expect(stdoutOf(await sandbox.run('', { program: programOf({ [name]: 'print(len(__file__))' }) }))).toBe(
    '260\n',
  );
});

it('more than the scratch space holds ends with a line that says so', async () => {
  const limits = limitsWith({ scratchBytes: 16_384 });
  await using small = createTestRunner({ limits, poolSize: 0 });
  const result = await small.run('', { program: programOf({ 'main.py': `#${'x'.repeat(9000)}` }), limits });
  expect(result).toMatchObject({ verdict: 'error', exitCode: 1 });
  expect(stderrOf(result)).toBe('cannot write main.py: No space left on device\n');
});
