import { describe, expect, it } from 'vitest';
import { containerOptions } from '../../../src/sandbox/container-options.ts';
import { defaultLimits, type Limits } from '../../../src/run/limits.ts';
import { limitsWith } from '../../run-result.ts';

const image = { image: 'python:3', command: ['python', '-u', '-c', 'launcher'] };
const identity = { owner: 'server-1', run: 'run-1', deadline: 1_700_000_000_000 };
const optionsWith = (limits: Partial<Limits>) => containerOptions(image, limitsWith(limits), identity);

const tmpfs = (sizeBytes: number) =>
  `rw,exec,nosuid,nodev,size=${sizeBytes},nr_inodes=4096,mode=1777,uid=65534,gid=65534`;

describe('the options of a container', () => {
  // By value, and all of it: a flag that is added, lost or loosened is to be seen here.
  it('isolate the program by these flags and no others', () => {
    expect(containerOptions(image, defaultLimits, identity)).toStrictEqual({
      Image: 'python:3',
      Cmd: ['python', '-u', '-c', 'launcher'],
      Entrypoint: [],
      User: '65534:65534',
      WorkingDir: '/box',
      Hostname: 'box',
      Labels: {
        'katabox.owner': 'server-1',
        'katabox.run': 'run-1',
        'katabox.deadline': '1700000000000',
      },
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      OpenStdin: true,
      StdinOnce: true,
      Tty: false,
      Healthcheck: { Test: ['NONE'] },
      HostConfig: {
        Init: false,
        AutoRemove: true,
        NetworkMode: 'none',
        Privileged: false,
        CapDrop: ['ALL'],
        SecurityOpt: ['no-new-privileges'],
        ReadonlyRootfs: true,
        IpcMode: 'none',
        Tmpfs: { '/box': tmpfs(16_777_216), '/tmp': tmpfs(16_777_216), '/dev/shm': tmpfs(16_777_216) },
        Memory: 134_217_728,
        MemorySwap: 134_217_728,
        PidsLimit: 64,
        CpuPeriod: 100_000,
        CpuQuota: 100_000,
        Ulimits: [
          { Name: 'nofile', Soft: 1024, Hard: 1024 },
          { Name: 'fsize', Soft: 33_554_432, Hard: 33_554_432 },
          { Name: 'core', Soft: 0, Hard: 0 },
          { Name: 'cpu', Soft: 6, Hard: 6 },
        ],
        LogConfig: { Type: 'none', Config: {} },
      },
    });
  });

  it('take the OCI runtime that is asked for', () => {
    const options = containerOptions(image, defaultLimits, { ...identity, runtime: 'runsc' });
    expect(options.HostConfig).toHaveProperty('Runtime', 'runsc');
  });

  it('give the program no swap on top of its memory', () => {
    expect(optionsWith({ memoryBytes: 64_000_000 }).HostConfig).toMatchObject({
      Memory: 64_000_000,
      MemorySwap: 64_000_000,
    });
  });

  it('hold its processes to their limit', () => {
    expect(optionsWith({ pids: 7 }).HostConfig).toHaveProperty('PidsLimit', 7);
  });

  it('halve the scratch space between /box and /tmp, in whole bytes', () => {
    const { Tmpfs } = optionsWith({ scratchBytes: 10_001 }).HostConfig!;
    expect(Tmpfs).toEqual({ '/box': tmpfs(5000), '/tmp': tmpfs(5000), '/dev/shm': tmpfs(5000) });
  });

  // In whole seconds and for each process: behind the launcher, which counts in ms and for all of them.
  it.each([
    [1, 2],
    [1000, 2],
    [1001, 3],
    [5000, 6],
  ])('put the kernel behind a CPU limit of %i ms with one of %i s', (cpuMs, seconds) => {
    expect(optionsWith({ cpuMs }).HostConfig?.Ulimits).toContainEqual({
      Name: 'cpu',
      Soft: seconds,
      Hard: seconds,
    });
  });

  it('leave what they were made from alone', () => {
    const options = containerOptions(image, defaultLimits, identity);
    options.Cmd?.push('more');
    expect(image.command).toHaveLength(4);
  });
});
