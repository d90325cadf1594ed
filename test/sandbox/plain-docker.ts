import type Docker from 'dockerode';
import { docker, image } from './engine.ts';

export interface PlainResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/**
 * `docker run python:3 python -u -c SOURCE` without any of ours: what a run is compared with. `overrides` are laid over
 * the container's options. `Init` is on, since a process that is PID 1 itself ignores the signals it sends to itself.
 */
export async function plainRun(
  source: string,
  { stdin = '', overrides = {} }: { stdin?: string; overrides?: Docker.ContainerCreateOptions } = {},
): Promise<PlainResult> {
  const container = await docker.createContainer({
    Image: image.image,
    Cmd: ['python', '-u', '-c', source],
    OpenStdin: true,
    StdinOnce: true,
    AttachStdin: true,
    ...overrides,
    HostConfig: { NetworkMode: 'none', Init: true, ...overrides.HostConfig, AutoRemove: false },
  });
  try {
    const stream = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    const parts: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
    const sink = (to: Buffer[]) => ({ write: (bytes: Buffer) => to.push(Buffer.from(bytes)) });
    docker.modem.demuxStream(stream, sink(parts.stdout) as never, sink(parts.stderr) as never);
    const drained = new Promise((resolve) => stream.once('end', resolve));
    await container.start();
    stream.end(stdin);
    const { StatusCode: exitCode } = (await container.wait()) as { StatusCode: number };
    await drained;
    const text = (name: 'stdout' | 'stderr') => Buffer.concat(parts[name]).toString();
    return { stdout: text('stdout'), stderr: text('stderr'), exitCode };
  } finally {
    await container.remove({ force: true });
  }
}
