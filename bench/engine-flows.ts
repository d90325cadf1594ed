import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { defaultLimits } from '../src/run/limits.ts';
import { containerOptions } from '../src/sandbox/container-options.ts';

export const PROGRAM = 'print("hi")';
const OUTPUT = 'hi\n';

/** Marks what a benchmark that was killed may have left; past the deadline every server's sweeper takes it. */
const DEADLINE_MS = 10 * 60_000;

/** Without a server: what a run costs when dockerode does it on the request's path. */
export interface EngineFlows {
  /** The prototype of 2016: default bridge, no limits; create, start, wait, logs, remove. */
  prototype(): Promise<void>;
  /** The same with our isolation flags. No log is kept then, so that the output is read from the attached stream. */
  isolated(): Promise<void>;
  /** Our isolation flags, and nobody who reads: create, start, wait, remove. */
  bare(): Promise<void>;
}

export function createEngineFlows(docker: Docker, image: string): EngineFlows {
  const command = ['python', '-c', PROGRAM];

  function isolatedOptions(): Docker.ContainerCreateOptions {
    const identity = { owner: 'bench', run: 'bench', deadline: Date.now() + DEADLINE_MS };
    const options = containerOptions({ image, command }, defaultLimits, identity);
    return {
      ...options,
      OpenStdin: false,
      AttachStdin: false,
      HostConfig: { ...options.HostConfig, AutoRemove: false },
    };
  }

  return {
    async prototype() {
      const container = await docker.createContainer({ Image: image, Cmd: command });
      await container.start();
      await container.wait();
      const logs = await container.logs({ stdout: true, stderr: true });
      await container.remove({ force: true });
      expectOutput(logs.toString());
    },
    async isolated() {
      const container = await docker.createContainer(isolatedOptions());
      const stream = await container.attach({ stream: true, stdout: true, stderr: true, hijack: true });
      const output = textOf(stream as Duplex);
      await container.start();
      await container.wait();
      expectOutput(await output);
      await container.remove({ force: true });
    },
    async bare() {
      const container = await docker.createContainer(isolatedOptions());
      await container.start();
      await container.wait();
      await container.remove({ force: true });
    },
  };
}

async function textOf(stream: Duplex): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

function expectOutput(text: string): void {
  if (!text.endsWith(OUTPUT)) throw new Error(`A container printed ${JSON.stringify(text)}`);
}
