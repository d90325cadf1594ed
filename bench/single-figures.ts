import { setTimeout as delay } from 'node:timers/promises';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';
import { summarize } from './statistics.ts';

const PAUSE_MS = 150;
const WALL_LIMIT_MS = 500;
const ENDLESS = ['while True: pass', 'import time\ntime.sleep(60)'];
const MIB = 2 ** 20;

/** H: how late the answer is when a program runs into its time limit, be it busy or asleep. */
export async function measureOvershoot(server: BenchServer, rounds: number): Promise<Row> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const files = [{ content: ENDLESS[round % ENDLESS.length] }];
    await delay(PAUSE_MS);
    const { ms, text } = await server.client.post(
      '/api/v2/execute',
      'application/json',
      JSON.stringify({ language: 'python', files, run_timeout: WALL_LIMIT_MS }),
    );
    if (!text.includes('"verdict":"timeout"')) throw new Error(`Not a timeout: ${text}`);
    samples.push(ms - WALL_LIMIT_MS);
  }
  const measured = summarize(samples);
  return {
    id: 'H',
    what: `overshoot past a limit of ${WALL_LIMIT_MS} ms`,
    unit: 'ms',
    measured,
    checks: [{ what: 'median, ms', value: measured.median, bound: { atMost: 15 } }],
  };
}

/** I: from the request to the last byte of its answer, while no sandbox is being made: it is the path that is measured. */
export async function measureOutput(server: BenchServer, rounds: number): Promise<Row> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await server.settled();
    const { ms, text } = await server.client.sendCode(`print("x" * ${MIB - 1})`);
    if (text.length < MIB) throw new Error(`Only ${text.length} characters came back`);
    samples.push(ms);
  }
  const measured = summarize(samples);
  return {
    id: 'I',
    what: '1 MiB of output through the whole path',
    unit: 'ms',
    measured,
    checks: [{ what: 'MiB/s at the median', value: 1000 / measured.median, bound: { atLeast: 40 } }],
  };
}
