import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
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
    image: { image: 'python:3', command: ['python'], launcher: Buffer.of() },
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

it('waits once for both its turn and a sandbox', async () => {
  const connections = new Set<Socket>();
  const silentEngine = createServer((socket) => connections.add(socket.on('error', () => {}))).listen(0);
  await once(silentEngine, 'listening');
  const { port } = silentEngine.address() as AddressInfo;
  runner = createDockerRunner({
    docker: new Docker({ host: '127.0.0.1', port, protocol: 'http' }),
    owner: 'test',
    image: { image: 'python:3', command: ['python'], launcher: Buffer.of() },
    limits: defaultLimits,
    poolSize: 0,
    admission: { maxRunning: 1, maxWaiting: 1, maxWaitMs: 600 },
    onError: () => {},
  });
  const first = runner.run(runRequest()).catch((error: unknown) => error);
  await delay(300);
  const cameAt = performance.now();
  const second = await runner.run(runRequest()).catch((error: unknown) => error);
  const waitedMs = performance.now() - cameAt;
  expect([await first, second]).toEqual([
    expect.any(SandboxUnavailableError),
    expect.any(SandboxUnavailableError),
  ]);
  expect(waitedMs).toBeLessThan(800);
  for (const connection of connections) connection.destroy();
  silentEngine.close();
});
