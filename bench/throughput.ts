import autocannon from 'autocannon';
import { type EngineFlows, PROGRAM } from './engine-flows.ts';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';
import { meanOf } from './statistics.ts';

const CONCURRENCIES = [1, 2, 4, 8, 16, 64] as const;
const CEILING_CONCURRENCY = 4;
/** Not counted: what was ready before the flood is used up by then. */
const WARM_UP_MS = 1000;
/** A request may stand behind 63 others. */
const TIMEOUT_S = 60;

/** Runs a second, by the number of those that `onRun` was told of once warm. */
async function rateOf(windowMs: number, flood: (onRun: () => void, totalMs: number) => Promise<unknown>) {
  let runs = 0;
  const warmAt = performance.now() + WARM_UP_MS;
  const endAt = warmAt + windowMs;
  await flood(() => {
    const now = performance.now();
    if (now >= warmAt && now < endAt) runs += 1;
  }, WARM_UP_MS + windowMs);
  return runs / (windowMs / 1000);
}

function ceilingOf(flows: EngineFlows, windowMs: number): Promise<number> {
  return rateOf(windowMs, (onRun, totalMs) => {
    const endAt = performance.now() + totalMs;
    const oneAfterTheOther = async () => {
      while (performance.now() < endAt) {
        await flows.bare();
        onRun();
      }
    };
    return Promise.all(Array.from({ length: CEILING_CONCURRENCY }, oneAfterTheOther));
  });
}

function floodRate(url: string, connections: number, windowMs: number): Promise<number> {
  return rateOf(windowMs, async (onRun, totalMs) => {
    const { non2xx, errors } = await autocannon({
      url: `${url}/send_code`,
      method: 'POST',
      headers: { 'Content-Type': 'text/x-python' },
      body: PROGRAM,
      connections,
      duration: totalMs / 1000,
      timeout: TIMEOUT_S,
      setupClient: (client) => client.on('response', onRun),
    });
    if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 200, ${errors} requests failed`);
  });
}

/**
 * F what the engine can do at all; G what we make of it, with ever more callers, and then with ever fewer, so that a
 * machine that changes its speed meanwhile is not taken for a difference between them.
 */
export async function measureThroughput(
  { flows, server }: { flows: EngineFlows; server: BenchServer },
  windowMs: number,
): Promise<Row[]> {
  const ceilings = [await ceilingOf(flows, windowMs)];
  const rates = new Map<number, number[]>(CONCURRENCIES.map((connections) => [connections, []]));
  for (const order of [CONCURRENCIES, CONCURRENCIES.toReversed()]) {
    for (const connections of order) {
      rates.get(connections)!.push(await floodRate(server.url, connections, windowMs));
      await server.settled();
    }
    ceilings.push(await ceilingOf(flows, windowMs));
  }
  const floods = [...rates].map(([connections, each]) => ({ connections, rate: meanOf(each) }));
  const ceiling = meanOf(ceilings);
  const best = floods.reduce((one, other) => (other.rate > one.rate ? other : one));
  const crowd = floods.at(-1)!;
  return [
    {
      id: 'F',
      what: `the engine's ceiling: create, start, wait, remove, ${CEILING_CONCURRENCY} at a time`,
      unit: '/s',
      measured: ceiling,
      checks: [],
    },
    ...floods.map((flood) => ({
      id: 'G',
      what: `our server, ${flood.connections} at a time`,
      unit: '/s',
      measured: flood.rate,
      checks: [
        ...(flood === best
          ? [{ what: 'the best G/F', value: flood.rate / ceiling, bound: { atLeast: 0.95 } }]
          : []),
        ...(flood === crowd
          ? [{ what: 'of the best', value: flood.rate / best.rate, bound: { atLeast: 0.9 } }]
          : []),
      ],
    })),
  ];
}
