import { readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';

const KIB_PER_MIB = 1024;

/** Resident memory of a process. */
export function residentMib(pid: number): number {
  return fieldOf(`/proc/${pid}/status`, 'VmRSS') / KIB_PER_MIB;
}

/** J: the server's, before its first request and after the last. */
export function memoryRows(idleMib: number, afterMib: number): Row[] {
  const grownMib = afterMib - idleMib;
  return [
    mibRow('the server, idle (RSS)', idleMib, 110),
    mibRow('what the flood has added to it', grownMib, 20),
  ];
}

function mibRow(what: string, value: number, atMost: number): Row {
  return {
    id: 'J',
    what,
    unit: 'MiB',
    measured: value,
    checks: [{ what: 'MiB', value, bound: { atMost } }],
  };
}

/** J, too: what a waiting sandbox takes, its processes and the engine's shim; shared pages by their share. */
export async function measureSandboxes(docker: Docker, server: BenchServer): Promise<Row> {
  await server.settled(); // past the end of those that have been used
  const ids = await server.containers();
  const processes = await Promise.all(ids.map((id) => processesOf(docker, id)));
  const mib = sumOf(processes.flat().map((pid) => fieldOf(`/proc/${pid}/smaps_rollup`, 'Pss'))) / KIB_PER_MIB;
  return mibRow(`a ready sandbox, the mean of ${ids.length} (PSS)`, mib / ids.length, 25);
}

async function processesOf(docker: Docker, id: string): Promise<number[]> {
  const { State } = await docker.getContainer(id).inspect();
  const inside = [State.Pid, ...childrenOf(State.Pid)];
  return [fieldOf(`/proc/${State.Pid}/status`, 'PPid'), ...inside];
}

function childrenOf(pid: number): number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .split(' ')
    .filter(Boolean)
    .map(Number);
  return listed.flatMap((child) => [child].concat(childrenOf(child)));
}

function fieldOf(path: string, field: string): number {
  const found = new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(readFileSync(path, 'utf8'))?.[1];
  if (found === undefined) throw new Error(`${path} does not have ${field}`);
  return Number(found);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
