import { expect, it } from 'vitest';
import { findBarePython } from '../../bench/bare-python.ts';
import { measureBurst } from '../../bench/burst.ts';
import { createEngineFlows } from '../../bench/engine-flows.ts';
import { measureLatency } from '../../bench/latency.ts';
import { measureSandboxes, memoryRows, residentMib } from '../../bench/memory.ts';
import { startBuiltServer } from '../../bench/server.ts';
import { measureOutput, measureOvershoot } from '../../bench/single-figures.ts';
import { measureThroughput } from '../../bench/throughput.ts';
import { docker, image } from './engine.ts';

// How large the figures are is for `npm run bench` to say, on a machine that does nothing else.
it('the benchmark has a figure for each of its rows', async () => {
  const flows = createEngineFlows(docker, image.image);
  using python = await findBarePython(process.env['PATH'] ?? '');
  await using server = await startBuiltServer(2);
  const idleMib = residentMib(server.pid);
  const rows = [
    ...(await measureLatency({ python, flows, server }, 1)),
    ...(await measureThroughput({ flows, server }, 1000)),
    await measureOvershoot(server, 2),
    await measureOutput(server, 1),
    ...memoryRows(idleMib, residentMib(server.pid)),
    await measureSandboxes(docker, server),
    await measureBurst(server, 2, 1),
  ];
  expect(rows.map(({ id }) => id).join('')).toBe('ABCDEFGGGGGGHIJJJK');
  const [, growth] = rows.filter(({ id }) => id === 'J');
  expect(growth?.measured).toBeLessThan(100); // and below zero where the server has given memory back
  for (const { measured } of rows.filter((row) => row !== growth)) {
    expect(typeof measured === 'number' ? measured : measured.median).toBeGreaterThan(0);
  }
  const checks = rows.flatMap((row) => row.checks);
  expect(checks).toHaveLength(12);
  for (const { value } of checks) expect(value).not.toBeNaN();
}, 120_000);
