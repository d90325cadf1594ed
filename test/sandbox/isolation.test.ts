import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/run/limits.ts';
import { containerOptions } from '../../src/sandbox/container-options.ts';
import { docker, image } from './engine.ts';
import { plainRun } from './plain-docker.ts';

type Options = Docker.ContainerCreateOptions;

const MIB = 1024 * 1024;
const identity = { owner: 'isolation-test', run: 'isolation-test', deadline: Date.now() + 300_000 };

/** The options of a sandbox, with `host` laid over its HostConfig, for a program that is run without the launcher. */
function sandboxOptions(host: Docker.HostConfig = {}, top: Options = {}): Options {
  const { Cmd: _launcher, ...options } = containerOptions(image, defaultLimits, identity);
  return { ...options, ...top, HostConfig: { ...options.HostConfig, Init: false, ...host } };
}

const ulimits = (without: string) =>
  sandboxOptions().HostConfig?.Ulimits?.filter(({ Name }) => Name !== without) ?? [];
const tmpfs = (edit: (options: string) => string) => {
  const mounts = sandboxOptions().HostConfig?.Tmpfs ?? {};
  return Object.fromEntries(Object.entries(mounts).map(([path, options]) => [path, edit(options)]));
};

/** Says `attacked` when the last expression is true, `refused` when it is false or fails. */
const attack = (...lines: string[]) =>
  `import ctypes, os, resource, socket, subprocess, sys, threading, time
def attack():
${lines.map((line) => `    ${line}`).join('\n')}
try:
    won = attack()
except (OSError, MemoryError, RuntimeError) as error:
    won = False
print("attacked" if won else "refused")`;

interface Case {
  readonly flag: string;
  readonly attack: string;
  /** The sandbox without the flag: there the attack must win. */
  readonly without: Options;
  /** The sandbox with it, if other than as it is: what would stop the attack as well is taken away in both. */
  readonly with?: Options;
}

const asRoot = { User: '0:0' };
const withoutNofile = { Ulimits: ulimits('nofile') };

const cases: readonly Case[] = [
  {
    flag: 'no network',
    attack: attack('return len(socket.if_nameindex()) > 1'),
    without: sandboxOptions({ NetworkMode: 'bridge' }),
  },
  {
    flag: 'all capabilities dropped',
    attack: attack('return bool(socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))'),
    with: sandboxOptions({}, asRoot),
    without: sandboxOptions({ CapDrop: [] }, asRoot),
  },
  {
    flag: 'nobody as the user',
    attack: attack('return len(open("/etc/shadow").read()) > 0'),
    without: sandboxOptions({}, asRoot),
  },
  {
    flag: 'no new privileges by setuid programs',
    attack: attack(
      'su = subprocess.Popen(["su"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)',
      'time.sleep(0.3)',
      'effective = [l for l in open(f"/proc/{su.pid}/status") if l.startswith("Uid:")][0].split()[2]',
      'su.kill()',
      'return effective == "0"',
    ),
    without: sandboxOptions({ SecurityOpt: [] }),
  },
  {
    flag: 'a read-only root',
    attack: attack('return open("/var/tmp/left-behind", "w").write("x") > 0'),
    without: sandboxOptions({ ReadonlyRootfs: false }),
  },
  {
    flag: 'scratch of limited size',
    attack: attack('for n in range(5): open(f"/tmp/{n}", "wb").write(bytes(5 << 20))', 'return True'),
    without: sandboxOptions({ Tmpfs: tmpfs((options) => options.replace(/size=\d+,/, '')) }),
  },
  {
    flag: 'shared memory of limited size',
    attack: attack('return open("/dev/shm/big", "wb").write(bytes(20 << 20)) > 0'),
    without: sandboxOptions({ Tmpfs: tmpfs((options) => options.replace(/size=\d+,/, '')) }),
  },
  {
    flag: 'scratch with a limited number of files',
    attack: attack('for n in range(6000): open(f"/box/{n}", "w").close()', 'return True'),
    without: sandboxOptions({ Tmpfs: tmpfs((options) => options.replace(/nr_inodes=\d+,/, '')) }),
  },
  {
    flag: 'scratch without setuid and devices',
    attack: attack(
      'flags = os.statvfs("/box").f_flag',
      'return not flags & os.ST_NOSUID or not flags & os.ST_NODEV',
    ),
    without: sandboxOptions({ Tmpfs: tmpfs((options) => options.replace('nosuid,nodev', 'suid,dev')) }),
  },
  {
    flag: 'limited memory',
    attack: attack('return len(bytearray(200 << 20)) > 0'),
    without: sandboxOptions({ Memory: 0, MemorySwap: 0 }),
  },
  {
    flag: 'a limited number of processes',
    attack: attack(
      'def idle(): time.sleep(2)',
      'for _ in range(100): threading.Thread(target=idle, daemon=True).start()',
      'return True',
    ),
    without: sandboxOptions({ PidsLimit: 0 }),
  },
  {
    flag: 'a CPU quota',
    attack: attack(
      'for _ in range(3):',
      '    if os.fork() == 0:',
      '        while True: pass',
      'time.sleep(1)',
      'stat = dict(l.split() for l in open("/sys/fs/cgroup/cpu/cpu.stat" if os.path.exists("/sys/fs/cgroup/cpu/cpu.stat") else "/sys/fs/cgroup/cpu.stat"))',
      'os.kill(-1, 9)',
      'return int(stat["nr_throttled"]) == 0',
    ),
    // A tenth of ours, so that it bites on a busy machine as well, where nobody gets a whole CPU.
    with: sandboxOptions({ CpuQuota: 10_000 }),
    without: sandboxOptions({ CpuQuota: 0 }),
  },
  {
    flag: 'a limited number of open files',
    attack: attack('kept = [os.open("/", 0) for _ in range(2000)]', 'return True'),
    without: sandboxOptions(withoutNofile),
  },
  {
    flag: 'files of limited length',
    attack: attack('return open("/tmp/sparse", "wb").truncate(1 << 40) > 0'),
    without: sandboxOptions({ Ulimits: ulimits('fsize') }),
  },
  {
    flag: 'no core dumps',
    attack: attack('return resource.getrlimit(resource.RLIMIT_CORE)[1] != 0'),
    without: sandboxOptions({ Ulimits: ulimits('core') }),
  },
  {
    flag: 'CPU time of a single process, should the launcher fail',
    attack: attack('return resource.getrlimit(resource.RLIMIT_CPU)[1] == resource.RLIM_INFINITY'),
    without: sandboxOptions({ Ulimits: ulimits('cpu') }),
  },
];

async function outcome(source: string, overrides: Options): Promise<string> {
  const { stdout, exitCode } = await plainRun(source, { overrides });
  // Killed is as good as refused.
  return stdout.trim() || (exitCode === 137 ? 'refused' : `exit code ${exitCode}`);
}

describe('a sandbox has', () => {
  it.each(cases)('$flag', async ({ attack: source, with: guarded = sandboxOptions(), without }) => {
    expect([await outcome(source, without), await outcome(source, guarded)]).toEqual(['attacked', 'refused']);
  });

  it('an IPC namespace of its own', async () => {
    const namespace = 'import os\nprint(os.readlink("/proc/self/ns/ipc"))';
    const [one, other] = await Promise.all([1, 2].map(() => outcome(namespace, sandboxOptions())));
    const [shared, alsoShared] = await Promise.all(
      [1, 2].map(() => outcome(namespace, sandboxOptions({ IpcMode: 'host' }))),
    );
    expect(shared).toBe(alsoShared);
    expect(new Set([one, other, shared]).size).toBe(3);
  });

  it('no log on the host that a flood could fill', async () => {
    const kept = async (host: Docker.HostConfig) => {
      const options = sandboxOptions({ ...host, AutoRemove: false }, { Cmd: ['python', '-c', 'print("x")'] });
      const container = await docker.createContainer({ ...options, OpenStdin: false });
      try {
        await container.start();
        await container.wait();
        return await container.logs({ stdout: true }).then(
          (log) => log.toString().includes('x'),
          () => false,
        );
      } finally {
        await container.remove({ force: true });
      }
    };
    expect(await kept({ LogConfig: { Type: 'json-file', Config: {} } })).toBe(true);
    expect(await kept({})).toBe(false);
  });

  it('no swap beyond its memory', () => {
    const { Memory, MemorySwap } = sandboxOptions().HostConfig ?? {};
    expect([Memory, MemorySwap]).toEqual([128 * MIB, 128 * MIB]);
  });
});
