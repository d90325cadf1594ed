import request from 'supertest';
import { describe, expect, it } from 'vitest';
import type { FiredLimit, Verdict } from '../../src/run/verdict.ts';
import { runResult, stoppedResult } from '../run-result.ts';
import { createFakeApp, formOf } from './fake-app.ts';

describe('the answer in JSON', () => {
  const json = async (result = runResult()) => {
    const { app } = createFakeApp({ run: () => result });
    const sending = request(app).post('/send_code').set('Accept', 'application/json');
    return (await sending.send(formOf({ source_code: 'x' })).expect(200)).body;
  };

  it('has the fields of execute', async () => {
    const output = [
      { stream: 'stdout', text: 'a\n' },
      { stream: 'stderr', text: 'b\n' },
    ] as const;
    expect(await json(runResult({ output }))).toEqual({
      language: 'python',
      version: '3.13.1',
      run: {
        stdout: 'a\n',
        stderr: 'b\n',
        output: 'a\nb\n',
        code: 0,
        signal: null,
        message: null,
        status: null,
        cpu_time: 8,
        wall_time: 8,
        memory: 9_100_000,
        verdict: 'ok',
        limit: null,
        truncated: { stdout: false, stderr: false },
        times: { queued: 0, sandbox: 0, run: 8, cpu: 8, total: 9 },
      },
    });
  });

  it.each<[Verdict, FiredLimit, string]>([
    ['timeout', { name: 'wall', value: 3000 }, 'TO'],
    ['timeout', { name: 'cpu', value: 3000 }, 'TO'],
    ['memory', { name: 'memory', value: 1024 }, 'SG'],
    ['output', { name: 'stdout', value: 1024 }, 'OL'],
    ['output', { name: 'stderr', value: 1024 }, 'EL'],
  ])('of the verdict %s by %o has the status %s', async (verdict, limit, status) => {
    const { run } = await json(stoppedResult(verdict, limit));
    expect(run).toMatchObject({ verdict, limit, status, code: null, signal: 'SIGKILL' });
  });

  it.each([
    ['RE', runResult({ verdict: 'error', exitCode: 7 }), { code: 7, signal: null }],
    [
      'SG',
      runResult({ verdict: 'signal', exitCode: null, signal: 'SIGABRT' }),
      { code: null, signal: 'SIGABRT' },
    ],
  ])('has the status %s of a program that ended badly by itself', async (status, result, fields) => {
    expect((await json(result)).run).toMatchObject({ status, ...fields, limit: null });
  });

  it('has null for what was never reported', async () => {
    const times = { ...runResult().times, cpuMs: null };
    const { run } = await json(runResult({ memoryBytes: null, times }));
    expect(run).toMatchObject({ memory: null, cpu_time: null, times: { cpu: null } });
  });
});
