import { createClient } from './client.ts';
import { PROGRAM } from './engine-flows.ts';
import type { Row } from './report.ts';
import type { BenchServer } from './server.ts';
import { summarize } from './statistics.ts';

/** K: as many requests at the same instant as sandboxes are ready, each with a connection of its own. */
export async function measureBurst(server: BenchServer, size: number, bursts: number): Promise<Row> {
  using client = createClient(server.url, { keepAlive: false });
  const samples: number[] = [];
  for (let burst = 0; burst < bursts; burst += 1) {
    await server.settled();
    const answers = await Promise.all(Array.from({ length: size }, () => client.sendCode(PROGRAM)));
    samples.push(Math.max(...answers.map(({ ms }) => ms)));
  }
  const measured = summarize(samples);
  return {
    id: 'K',
    what: `a burst of ${size} on ${size} ready sandboxes: its last answer`,
    unit: 'ms',
    measured,
    checks: [{ what: 'median, ms', value: measured.median, bound: { atMost: 260 } }],
  };
}
