import type { ContainerCreateOptions } from 'dockerode';
import type { Limits } from '../run/limits.ts';

/** What a language needs of its container. */
export interface SandboxImage {
  readonly image: string;
  /** Reads the launcher from stdin and runs it. */
  readonly command: readonly string[];
  /** Not part of the command: Docker and its helpers write and read that some ten times for each container. */
  readonly launcher: Buffer;
}

/** Who a container belongs to, as its labels say. */
export interface SandboxIdentity {
  readonly owner: string;
  readonly run: string;
  /** Epoch ms; past it, any sweeper may remove the container. */
  readonly deadline: number;
  /** An OCI runtime other than the engine's default, such as `runsc`. */
  readonly runtime?: string;
}

export const labels = {
  owner: 'katabox.owner',
  run: 'katabox.run',
  deadline: 'katabox.deadline',
} as const;

const NOBODY = 65534;
const INODES_PER_TMPFS = 4096;
const CPU_PERIOD_US = 100_000;

/**
 * Every isolation flag of a sandbox, in one place. Pure: the same arguments give the same container.
 * The names are those of the Docker Engine API, v1.41 (`POST /containers/create`).
 */
export function containerOptions(
  { image, command }: Omit<SandboxImage, 'launcher'>,
  limits: Limits,
  { owner, run, deadline, runtime }: SandboxIdentity,
): ContainerCreateOptions {
  const tmpfs = tmpfsOptions(Math.floor(limits.scratchBytes / 2));
  const cpuSeconds = Math.ceil(limits.cpuMs / 1000);
  return {
    Image: image,
    Cmd: [...command],
    Entrypoint: [],
    User: `${NOBODY}:${NOBODY}`,
    WorkingDir: '/box',
    Hostname: 'box',
    Labels: { [labels.owner]: owner, [labels.run]: run, [labels.deadline]: String(deadline) },
    // Stdin ends with the server's connection, whatever ends that; the launcher then exits and the engine cleans up.
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    StdinOnce: true,
    Tty: false,
    // Whatever the image or the engine would have: nothing but the launcher runs in here, and it is PID 1.
    Healthcheck: { Test: ['NONE'] },
    HostConfig: {
      Init: false,
      AutoRemove: true,
      NetworkMode: 'none',
      Privileged: false,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      // Without /dev/shm multiprocessing has no locks; `none` keeps the engine from mounting its own, larger one.
      IpcMode: 'none',
      Tmpfs: { '/box': tmpfs, '/tmp': tmpfs, '/dev/shm': tmpfs },
      Memory: limits.memoryBytes,
      MemorySwap: limits.memoryBytes,
      PidsLimit: limits.pids,
      CpuPeriod: CPU_PERIOD_US,
      CpuQuota: CPU_PERIOD_US,
      Ulimits: [
        { Name: 'nofile', Soft: 1024, Hard: 1024 },
        { Name: 'fsize', Soft: limits.scratchBytes, Hard: limits.scratchBytes },
        { Name: 'core', Soft: 0, Hard: 0 },
        // One second of grace: the launcher, which counts for the whole container, is to be the one who stops it.
        { Name: 'cpu', Soft: cpuSeconds + 1, Hard: cpuSeconds + 1 },
      ],
      // A flood must not fill the host's disk; we read from the attached stream.
      LogConfig: { Type: 'none', Config: {} },
      ...(runtime === undefined ? {} : { Runtime: runtime }),
    },
  };
}

/** `mode=1777` is ignored on a working directory by some versions of runc, hence the owner. */
function tmpfsOptions(sizeBytes: number): string {
  const owner = `uid=${NOBODY},gid=${NOBODY}`;
  return `rw,exec,nosuid,nodev,size=${sizeBytes},nr_inodes=${INODES_PER_TMPFS},mode=1777,${owner}`;
}
