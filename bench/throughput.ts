import { setTimeout as delay } from 'node:timers/promises';
import autocannon from 'autocannon';
import { type EngineFlows, PROGRAM } from './engine-flows.ts';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';
import { quantile } from './statistics.ts';

const CONCURRENCIES = [1, 2, 4, 8, 16, 64] as const;
const CEILING_CONCURRENCY = 4;
/** Not counted: what was ready before the flood is used up by then. */
const WARM_UP_MS = 1500;
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

/** F what the engine can do at all, before, between and after; G what we make of it, with ever more callers. */
export async function measureThroughput(
  { flows, server }: { flows: EngineFlows; server: BenchServer },
  windowMs: number,
): Promise<Row[]> {
  const ceilings: number[] = [];
  const floods: { connections: number; rate: number }[] = [];
  for (const [index, connections] of CONCURRENCIES.entries()) {
    if (index % 2 === 0) ceilings.push(await ceilingOf(flows, windowMs));
    await delay(200);
    floods.push({ connections, rate: await floodRate(server.url, connections, windowMs) });
    await server.settled();
  }
  const ceiling = quantile(ceilings, 0.5);
  const best = Math.max(...floods.map(({ rate }) => rate));
  const crowd = floods.at(-1)!;
  return [
    {
      id: 'F',
      what: `the engine's ceiling: create, start, wait, remove, ${CEILING_CONCURRENCY} at a time`,
      unit: '/s',
      measured: ceiling,
      checks: [],
    },
    ...floods.map(({ connections, rate }) => ({
      id: 'G',
      what: `our server, ${connections} at a time`,
      unit: '/s',
      measured: rate,
      checks: [
        ...(rate === best ? [{ what: 'the best G/F', value: rate / ceiling, bound: { atLeast: 0.95 } }] : []),
        ...(connections === crowd.connections
          ? [{ what: 'of the best', value: rate / best, bound: { atLeast: 0.9 } }]
          : []),
      ],
    })),
  ];
}
