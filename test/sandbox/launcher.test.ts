import { afterAll, describe, expect, it } from 'vitest';
import { createTestRunner, stdoutOf } from './engine.ts';

const sandbox = createTestRunner();
afterAll(() => sandbox[Symbol.asyncDispose]());

const print = async (source: string) => stdoutOf(await sandbox.run(source)).trim();

/** Says what became of an attempt: `done`, or the name of the error that stopped it. */
const attempt = (...lines: string[]) =>
  `import ctypes, os, signal
try:
${lines.map((line) => `    ${line}`).join('\n')}
    print("done")
except Exception as error:
    print(type(error).__name__)`;

describe('PID 1 is safe from the program:', () => {
  it.each([
    ['its environment cannot be read', attempt('open("/proc/1/environ", "rb").read()')],
    ['its memory cannot be opened', attempt('open("/proc/1/mem", "rb")')],
    ['its descriptors cannot be opened', attempt('os.listdir("/proc/1/fd")')],
  ])('%s', async (_name, source) => {
    expect(await print(source)).toBe('PermissionError');
  });

  it('tracing is refused', async () => {
    const PTRACE_ATTACH = 16;
    expect(await print(`import ctypes\nprint(ctypes.CDLL(None).ptrace(${PTRACE_ATTACH}, 1, 0, 0))`)).toBe(
      '-1',
    );
  });

  it.each(['SIGKILL', 'SIGSTOP', 'SIGTERM', 'SIGINT', 'SIGHUP', 'SIGALRM', 'SIGCHLD', 'SIGSEGV'])(
    '%s does nothing to it',
    async (name) => {
      const result = await sandbox.run(
        `import os, signal, time\nos.kill(1, signal.${name})\ntime.sleep(0.2)\nprint("still here")\nexit(3)`,
      );
      expect(result).toMatchObject({ verdict: 'error', exitCode: 3 });
      expect(stdoutOf(result)).toBe('still here\n');
    },
  );

  it('kill -9 -1 ends what the program started, and no more', async () => {
    const result = await sandbox.run(
      'import os, subprocess\np = subprocess.Popen(["sleep", "60"])\nos.kill(-1, 9)\nprint(p.wait())',
    );
    expect(result).toMatchObject({ verdict: 'ok' });
    expect(stdoutOf(result)).toBe('-9\n');
  });

  it('the kernel kills the program first, even one that asks to be spared', async () => {
    expect(await print('print(open("/proc/self/oom_score_adj").read())')).toBe('1000');
    const result = await sandbox.run('open("/proc/self/oom_score_adj", "w").write("0")\nx = "x" * 10**10');
    expect(result.verdict).toBe('memory');
  });

  it('a closed stdin, stdout and stderr do not keep it from reporting', async () => {
    const result = await sandbox.run('import os\nfor fd in (0, 1, 2): os.close(fd)\nos._exit(6)');
    expect(result).toMatchObject({ verdict: 'error', exitCode: 6 });
  });

  it('a stdout made non-blocking and full does not keep it from reporting', async () => {
    const result = await sandbox.run(
      'import os\nos.set_blocking(1, False)\ntry:\n    while True: os.write(1, b"x" * 4096)\nexcept BlockingIOError: os._exit(6)',
    );
    expect(['error', 'output']).toContain(result.verdict);
  });

  it('orphans and zombies by the hundred are reaped', async () => {
    const result = await sandbox.run(
      `import os, time
for _ in range(300):
    if os.fork() == 0:
        if os.fork() == 0: os._exit(0)
        os._exit(0)
    os.wait()
print("done")`,
    );
    expect(stdoutOf(result)).toBe('done\n');
  });
});

it('leaves the program nothing but its three streams and an empty /box', async () => {
  expect(
    await print(
      'import os\nprint(sorted(map(int, os.listdir("/proc/self/fd")))[:-1], os.listdir("."), os.getcwd())',
    ),
  ).toBe('[0, 1, 2] [] /box');
});

it('gives the program none of the server environment', async () => {
  process.env['KATABOX_TEST_SECRET'] = 'do not tell';
  const environment = await print('import os\nprint(sorted(os.environ))');
  expect(environment).toMatch(/^\['HOME', 'HOSTNAME', ('GPG_KEY', )?'LC_CTYPE', 'PATH'/);
  expect(environment).not.toContain('KATABOX');
});

// With the right nonce, which only a lucky look at its own memory could give it: test/unit/sandbox/output-reader.test.ts.
it('takes a forged end report with a wrong nonce for output like any other', async () => {
  const result = await sandbox.run(
    `import os
end = b"\\0katabox-end:" + b"0" * 32 + b"\\n"
os.write(1, b"before" + end + b"after")
os.write(2, end + b'{"exitCode":0,"signalNumber":null,"limit":null,"cpuUs":1,"memoryBytes":1,"oomKills":0}\\n')
os._exit(5)`,
  );
  expect(result).toMatchObject({ verdict: 'error', exitCode: 5 });
  expect(stdoutOf(result)).toBe(`before\0katabox-end:${'0'.repeat(32)}\nafter`);
});
