/** `npm run bench`: this server, the 2016 flow and bare Python, side by side in one run. bench/README.md has the method. */
import { parseArgs } from 'node:util';
import Docker from 'dockerode';
import { settings } from '../src/config.ts';
import { findBarePython } from './bare-python.ts';
import { measureBurst } from './burst.ts';
import { createEngineFlows } from './engine-flows.ts';
import { measureLatency } from './latency.ts';
import { measureSandboxes, memoryRows, residentMib } from './memory.ts';
import { type Row, toJson, toTable } from './report.ts';
import { startBuiltServer } from './server.ts';
import { measureOutput, measureOvershoot } from './single-figures.ts';
import { measureThroughput } from './throughput.ts';

const BURST_SIZE = 32;

const { values: wanted } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const docker = new Docker();
const flows = createEngineFlows(docker, process.env['SANDBOX_IMAGE'] ?? settings.SANDBOX_IMAGE.fallback!);

function say(what: string): void {
  process.stderr.write(`bench: ${what}\n`);
}

/** On a server with its default settings. */
async function measureServer(): Promise<Row[]> {
  say('A to E, one program on its own');
  using python = await findBarePython(process.env['PATH'] ?? '');
  await using server = await startBuiltServer();
  const idleMib = residentMib(server.pid);
  const latency = await measureLatency({ python, flows, server }, 32);
  say('F and G, as many as it can');
  const throughput = await measureThroughput({ flows, server }, 4000);
  await server.settled();
  const memory = memoryRows(idleMib, residentMib(server.pid));
  say('H and I, programs that run too long and that print a lot');
  const overshoot = await measureOvershoot(server, 12);
  const output = await measureOutput(server, 12);
  return [...latency, ...throughput, overshoot, output, ...memory];
}

async function measureLargePool(): Promise<Row[]> {
  say('J and K, a pool of sandboxes, and all of them at once');
  await using server = await startBuiltServer(BURST_SIZE);
  const sandboxes = await measureSandboxes(docker, server);
  return [sandboxes, await measureBurst(server, BURST_SIZE, 4)];
}

const rows = [...(await measureServer()), ...(await measureLargePool())];
process.stdout.write(wanted.json ? `${JSON.stringify(toJson(rows), null, 2)}\n` : `${toTable(rows)}\n`);
