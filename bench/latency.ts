import { setTimeout as delay } from 'node:timers/promises';
import type { BarePython } from './bare-python.ts';
import { type EngineFlows, PROGRAM } from './engine-flows.ts';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';
import { type Summary, summarize } from './statistics.ts';

const PAUSE_MS = 150;

type Probe = () => Promise<number>;

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Runs the probes in a new order each round, so that none always stands in the shadow of the same other one. */
async function interleave<Name extends string>(
  rounds: readonly (readonly Name[])[],
  probes: Readonly<Record<Name, Probe>>,
): Promise<Record<Name, Summary>> {
  const samples = Object.fromEntries(Object.keys(probes).map((name) => [name, []])) as unknown as Record<
    Name,
    number[]
  >;
  for (const round of rounds) {
    for (const name of shuffled(round)) {
      await delay(PAUSE_MS);
      samples[name].push(await probes[name]());
    }
  }
  return Object.fromEntries(
    Object.entries<number[]>(samples).map(([name, series]) => [name, summarize(series)]),
  ) as Record<Name, Summary>;
}

function shuffled<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, key: Math.random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

/** One program on its own: A bare, B as in 2016, C cold, D warm over HTTP, E its first output live. */
export async function measureLatency(
  { python, flows, server }: { python: BarePython; flows: EngineFlows; server: BenchServer },
  rounds: number,
): Promise<Row[]> {
  const probes = {
    a: () => python.measure(),
    b: () => timed(() => flows.prototype()),
    c: () => timed(() => flows.isolated()),
    d: async () => (await server.client.sendCode(PROGRAM)).ms,
    e: () => server.client.firstOutputMs(PROGRAM),
  };
  const few = ['a', 'a', 'd', 'd', 'd', 'e'] as const;
  const all = [...few, 'b', 'c'] as const;
  const { a, b, c, d, e } = await interleave(
    Array.from({ length: rounds }, (_, round) => (round % 4 === 0 ? all : few)),
    probes,
  );
  const row = (id: string, what: string, measured: Summary, checks: Row['checks'] = []): Row => ({
    id,
    what,
    unit: 'ms',
    measured,
    checks,
  });
  return [
    row('A', `bare ${python.path} -c '${PROGRAM}'`, a),
    row('B', 'as in 2016: create, start, wait, logs, remove', b),
    row('C', 'the same with our isolation flags, cold', c),
    row('D', 'POST /send_code, warm, keep-alive', d, [
      { what: 'D/A at the median', value: d.median / a.median, bound: { atMost: 1 } },
      { what: 'D/A at p95', value: d.p95 / a.p95, bound: { atMost: 1.6 } },
      { what: 'B/D at the median', value: b.median / d.median, bound: { atLeast: 25 } },
    ]),
    row('E', 'WebSocket: request to first output', e, [
      { what: 'E/D at the median', value: e.median / d.median, bound: { atMost: 1 } },
    ]),
  ];
}
