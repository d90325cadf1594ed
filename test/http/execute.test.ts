import type { Express } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { ProgramFile } from '../../src/run/request.ts';
import { SandboxUnavailableError } from '../../src/run/runner.ts';
import { limitsWith, runResult } from '../run-result.ts';
import { createFakeApp } from './fake-app.ts';

const limits = limitsWith({ wallMs: 8000, cpuMs: 4000, memoryBytes: 64_000_000 });
const program = { language: 'python', files: [{ content: 'print("hi")' }] };

/** What reaches the runner of a body that is accepted. */
async function received(body: object) {
  const { app, requests } = createFakeApp({ limits });
  await request(app).post('/api/v2/execute').send(body).expect(200);
  expect(requests).toHaveLength(1);
  return requests[0]!;
}

async function filesOf(...files: object[]): Promise<readonly ProgramFile[]> {
  const { program } = await received({ language: 'python', files });
  return 'files' in program ? program.files : [];
}

describe.each(['/api/v2', '/api/v2/piston'])('under %s', (prefix) => {
  it('the runtimes are what the runner has', async () => {
    const { app } = createFakeApp();
    const { body } = await request(app).get(`${prefix}/runtimes`).expect(200);
    expect(body).toEqual([{ language: 'python', version: '3.13.1', aliases: ['py', 'py3', 'python3'] }]);
  });

  it('a program is run and its result answered', async () => {
    const { app } = createFakeApp();
    const { body } = await request(app).post(`${prefix}/execute`).send(program).expect(200);
    expect(body).toMatchObject({
      language: 'python',
      version: '3.13.1',
      run: { stdout: 'hi\n', stderr: '', output: 'hi\n', code: 0, signal: null, verdict: 'ok' },
    });
  });

  it('what is not there is 404 in JSON', async () => {
    const { app } = createFakeApp();
    const { body, headers } = await request(app).get(`${prefix}/packages`).expect(404);
    expect(body).toEqual({ message: expect.any(String), requestId: headers['x-request-id'] });
  });
});

describe('a program', () => {
  it('has defaults for everything but its language and its files', async () => {
    expect(await received(program)).toEqual({
      language: 'python',
      program: { files: [{ name: 'main.py', content: Buffer.from('print("hi")') }] },
      stdin: '',
      args: [],
      limits,
    });
  });

  it('reaches the runner with everything that was given', async () => {
    const body = {
      ...program,
      language: 'py3',
      version: '3.x',
      stdin: 'é\r\n',
      args: ['a b', '', '-x'],
      run_timeout: 3000,
      run_cpu_time: 2000,
      run_memory_limit: 32_000_000,
      compile_timeout: 10_000,
      compile_cpu_time: 10_000,
      compile_memory_limit: -1,
      unknown: { deep: [1] },
    };
    expect(await received(body)).toMatchObject({
      language: 'python',
      stdin: 'é\r\n',
      args: ['a b', '', '-x'],
      limits: { ...limits, wallMs: 3000, cpuMs: 2000, memoryBytes: 32_000_000 },
    });
  });

  it.each([-1, null, undefined])('has the limits of the server for %s', async (value) => {
    const body = { ...program, run_timeout: value, run_cpu_time: value, run_memory_limit: value };
    expect((await received(body)).limits).toEqual(limits);
  });

  it('may be given null for whatever has a default', async () => {
    const files = [{ name: null, content: 'x', encoding: null }];
    const body = { ...program, files, version: null, stdin: null, args: null, compile_timeout: null };
    expect(await received(body)).toMatchObject({ stdin: '', args: [] });
  });

  it('may be posted by a client that does not say that it is JSON', async () => {
    const { app, requests } = createFakeApp();
    const unlabelled = 'text/plain;charset=UTF-8'; // what fetch makes of a string
    const sending = request(app).post('/api/v2/execute').set('Content-Type', unlabelled);
    await sending.send(JSON.stringify(program)).expect(200);
    expect(requests).toHaveLength(1);
  });

  it('is not touched by keys that mean something to JavaScript', async () => {
    const { app, requests } = createFakeApp();
    const body = `{"__proto__":{"stdin":"x"},"constructor":{"prototype":{"polluted":1}},${JSON.stringify(program).slice(1)}`;
    await request(app).post('/api/v2/execute').set('Content-Type', 'application/json').send(body).expect(200);
    expect(requests).toMatchObject([{ stdin: '' }]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('files', () => {
  it('are decoded as they say', async () => {
    const files = await filesOf(
      { name: 'main.py', content: 'print("é")' },
      { name: 'a/b.bin', content: 'AP8K/w==', encoding: 'base64' },
      { name: 'unpadded', content: 'AP8K_w', encoding: 'base64' },
      { name: 'wrapped', content: 'AP8K\r\n/w==\n', encoding: 'base64' },
      { name: 'c.bin', content: '00fF0a', encoding: 'hex' },
      { name: 'd', content: '', encoding: 'base64' },
      { name: 'e', content: 'x', encoding: 'utf8' },
    );
    const bytes = Buffer.from([0, 255, 10, 255]);
    expect(files.map(({ name }) => name)).toEqual([
      'main.py',
      'a/b.bin',
      'unpadded',
      'wrapped',
      'c.bin',
      'd',
      'e',
    ]);
    expect(files.map(({ content }) => content)).toEqual([
      Buffer.from('print("é")'),
      bytes,
      bytes,
      bytes,
      bytes.subarray(0, 3),
      Buffer.alloc(0),
      Buffer.from('x'),
    ]);
  });

  it('without a name are called as Piston calls them', async () => {
    const files = await filesOf({ content: '' }, { content: '', name: '' }, { content: '', name: 'x' });
    expect(files.map(({ name }) => name)).toEqual(['main.py', 'file1.code', 'x']);
  });
});

describe('when the runtimes are not to be had', () => {
  const runtimes = () => Promise.reject(new SandboxUnavailableError('No engine'));

  it.each([
    ['the runtimes', (app: Express) => request(app).get('/api/v2/runtimes')],
    ['a program', (app: Express) => request(app).post('/api/v2/execute').send(program)],
  ])('%s is 503, with when to come back', async (_what, send) => {
    const { app } = createFakeApp({ runtimes });
    const { body, headers } = await send(app).expect(503);
    expect(body).toEqual({ message: 'No engine', requestId: headers['x-request-id'] });
    expect(headers['retry-after']).toBe('5');
  });
});

describe('the answer', () => {
  it('has the version of the interpreter that ran the program', async () => {
    const { app } = createFakeApp({ run: () => runResult({ version: '3.13.2' }) });
    const { body } = await request(app).post('/api/v2/execute').send(program);
    expect(body.version).toBe('3.13.2');
  });
});
