import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { defaultLimits, type Limits } from '../../src/run/limits.ts';
import type { RunRequest } from '../../src/run/request.ts';
import { outputText, type RunResult } from '../../src/run/result.ts';
import { labels } from '../../src/sandbox/container-options.ts';
import {
  createDockerRunner,
  type DockerRunner,
  type DockerRunnerOptions,
} from '../../src/sandbox/docker-runner.ts';
import { sandboxImage } from '../../src/sandbox/sandbox-image.ts';

export const docker = new Docker();

export const image = sandboxImage(process.env['SANDBOX_IMAGE'] ?? 'python:3', 'python');

export type Run = (
  source: string,
  options?: Partial<RunRequest> & { signal?: AbortSignal },
) => Promise<RunResult>;

export interface TestRunner extends AsyncDisposable {
  readonly runner: DockerRunner;
  readonly owner: string;
  readonly errors: unknown[];
  /** A program, and limits below the runner's where a test needs them. */
  readonly run: Run;
}

/** A runner on the real engine. Disposing of it fails if a container of it is left. */
export function createTestRunner(overrides: Partial<DockerRunnerOptions> = {}): TestRunner {
  const owner = `test-${randomUUID()}`;
  const errors: unknown[] = [];
  const limits: Limits = overrides.limits ?? defaultLimits;
  const runner = createDockerRunner({
    docker,
    owner,
    image,
    limits,
    poolSize: 2,
    admission: { maxRunning: 4, maxWaiting: 200, maxWaitMs: 60_000 },
    onError: (error) => errors.push(error),
    ...overrides,
  });
  runner.start();
  return {
    runner,
    owner,
    errors,
    run(source, { signal, ...request } = {}) {
      const program = { source };
      const complete = { language: 'python', program, stdin: '', args: [], limits, ...request } as const;
      return runner.run(complete, signal ? { signal } : {});
    },
    async [Symbol.asyncDispose]() {
      await runner.close(0);
      await expectNoContainers(owner);
    },
  };
}

/** Ids of the containers of an owner, in whatever state. */
export async function containersOf(owner: string): Promise<string[]> {
  const listed = await docker.listContainers({ all: true, filters: { label: [`${labels.owner}=${owner}`] } });
  return listed.map(({ Id }) => Id);
}

/** Waits for the engine to finish what it was told; throws with the ids of what is still there then. */
export async function expectNoContainers(owner: string, withinMs = 3000): Promise<void> {
  const deadline = Date.now() + withinMs;
  let left = await containersOf(owner);
  while (left.length > 0 && Date.now() < deadline) {
    await delay(100);
    left = await containersOf(owner);
  }
  if (left.length > 0) throw new Error(`containers of ${owner} left behind: ${left.join(', ')}`);
}

/** stdout, or both streams, of a result. */
export const stdoutOf = ({ output }: RunResult) => outputText(output, 'stdout');
export const stderrOf = ({ output }: RunResult) => outputText(output, 'stderr');
