import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { defaultLimits } from '../../../src/run/limits.ts';
import { SandboxUnavailableError } from '../../../src/run/runner.ts';
import { createDockerRunner, type DockerRunner } from '../../../src/sandbox/docker-runner.ts';
import { runRequest } from '../../run-result.ts';

let runner: DockerRunner | undefined;

/** A runner whose engine is a socket that is not there. */
function runnerWithoutEngine() {
  const errors: unknown[] = [];
  runner = createDockerRunner({
    docker: new Docker({ socketPath: '/nonexistent/docker.sock' }),
    owner: 'test',
    image: { image: 'python:3', command: ['python'] },
    limits: defaultLimits,
    poolSize: 0,
    admission: { maxRunning: 1, maxWaiting: 0, maxWaitMs: 1000 },
    onError: (error) => errors.push(error),
  });
  return { runner, errors };
}

afterEach(() => runner?.close(0));

describe('a runner without an engine', () => {
  it('gives the place of a run that failed to the next one', async () => {
    const { runner } = runnerWithoutEngine();
    await expect(runner.run(runRequest())).rejects.toThrow(SandboxUnavailableError);
    await expect(runner.run(runRequest())).rejects.toThrow(SandboxUnavailableError);
  });

  it('says why in words of its own, and keeps the cause', async () => {
    const { runner } = runnerWithoutEngine();
    await expect(runner.run(runRequest())).rejects.toMatchObject({
      message: 'Could not create a sandbox: there is no Docker socket',
      cause: { code: 'ENOENT' },
    });
  });

  it('is not ready', async () => {
    const { runner } = runnerWithoutEngine();
    await expect(runner.whyNotReady()).resolves.toContain('there is no Docker socket');
  });

  it('refuses to begin with who has gone away before', async () => {
    const { runner, errors } = runnerWithoutEngine();
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(runner.run(runRequest(), { signal })).rejects.toThrow('gone');
    expect(errors).not.toContainEqual(expect.any(SandboxUnavailableError));
  });

  it('takes no runs once it is closing', async () => {
    const { runner } = runnerWithoutEngine();
    await runner.close(0);
    await expect(runner.run(runRequest())).rejects.toThrow(new SandboxUnavailableError('Shutting down'));
  });
});
