// Clients that were published for Piston, and given nothing but our address.
import { once } from 'node:events';
import { PistonClient } from 'piston-api';
import { piston } from 'piston-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../server.ts';

let server: TestServer;
beforeAll(async () => (server = await startServer({ LOG_LEVEL: 'info' })));
afterAll(() => server[Symbol.asyncDispose]());

describe('piston-client', () => {
  it('lists the runtimes', async () => {
    const runtimes = await piston({ server: server.url }).runtimes();
    expect(runtimes).toEqual([
      {
        language: 'python',
        version: expect.stringMatching(/^3\.\d+\.\d+/),
        aliases: ['py', 'py3', 'python3'],
      },
    ]);
  });

  it('runs a program by its language and its text', async () => {
    const { run, language } = await piston({ server: server.url }).execute('python', 'print("Hello World!")');
    expect({ language, ...run }).toMatchObject({ language: 'python', output: 'Hello World!\n', code: 0 });
  });

  it('runs a program with files, arguments, input and limits', async () => {
    const { run } = await piston({ server: server.url }).execute({
      language: 'python',
      version: '3.x',
      files: [
        { name: 'main.py', content: 'import sys, other\nprint(sys.argv[1:], input(), other.x)' },
        { name: 'other.py', content: 'x = 1' },
      ],
      args: ['a', 'b'],
      stdin: 'typed',
      runTimeout: 2000,
    });
    expect(run.stdout).toBe("['a', 'b'] typed 1\n");
  });

  it('is told what it did wrong', async () => {
    const { message } = await piston({ server: server.url }).execute('python', 'print()', { runTimeout: 0 });
    expect(message).toMatch(/^run_timeout must be/);
  });
});

describe('piston-api', () => {
  const client = () => new PistonClient({ baseUrl: server.url });

  it('lists the runtimes', async () => {
    const [runtime] = await client().getRuntimes({ language: 'python' });
    expect(runtime).toMatchObject({ language: 'python', aliases: ['py', 'py3', 'python3'] });
  });

  it('runs a program, and takes our answer for valid', async () => {
    const { run } = await client().run({
      language: 'python',
      version: '*',
      code: 'print(int(input()) + 1)',
      stdin: '41',
    });
    expect(run).toMatchObject({ stdout: '42\n', stderr: '', code: 0, signal: null, status: null });
  });

  it.each([
    ['a failure', 'import sys\nsys.exit(3)', {}, { code: 3, status: 'RE' }],
    ['a signal', 'import os\nos.abort()', {}, { signal: 'SIGABRT', status: 'SG' }],
    ['a timeout', 'while True: pass', { run_timeout: 300 }, { signal: 'SIGKILL', status: 'TO' }],
    ['too much output', 'while True: print("x" * 1000)', {}, { signal: 'SIGKILL', status: 'OL' }],
  ])('understands %s', async (_what, code, options, expected) => {
    const { run } = await client().run({ language: 'python', version: '3.x', code, ...options });
    expect(run).toMatchObject(expected);
  });

  it('is told what it did wrong', async () => {
    await expect(client().run({ language: 'html', code: '', version: '5.0.0' })).rejects.toThrow(
      'API Error: html-5.0.0 runtime is unknown',
    );
  });

  it('types into a live program', async () => {
    const live = client();
    const completed = once(live, 'sessionCompleted');
    const id = await live.runInteractive('name = input("name? ")\nprint("hello", name)');
    await live.sendInput(id, 'Ada\n');
    expect(await completed).toEqual([id, 0]);
    expect(live.getSession(id)?.output).toBe('name? hello Ada\n');
  });

  it('interrupts a live program', async () => {
    const live = client();
    const printed = once(live, 'sessionOutput');
    const completed = once(live, 'sessionCompleted');
    const id = await live.runInteractive('print("ready")\nwhile True: pass');
    await printed;
    await live.interruptSession(id);
    expect(await completed).toEqual([id, null]);
    expect(live.getSession(id)?.output).toContain('KeyboardInterrupt');
  });
});
