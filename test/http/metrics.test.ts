import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { BusyError, SandboxUnavailableError } from '../../src/run/runner.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import { runResult } from '../run-result.ts';
import { createFakeApp } from './fake-app.ts';

type FakeApp = ReturnType<typeof createFakeApp>;

const run = ({ app }: FakeApp) => request(app).post('/send_code').type('form').send('source_code=');

/** The samples of our own series, by name and labels. */
async function samplesOf({ app }: FakeApp): Promise<Record<string, number>> {
  const { text, headers } = await request(app).get('/metrics').expect(200);
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4; charset=utf-8/);
  const samples = text.split('\n').filter((line) => line.startsWith('katabox_'));
  return Object.fromEntries(
    samples.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]),
  );
}

describe('the metrics', () => {
  it('count runs by language and verdict, and where their time went', async () => {
    const results = [
      runResult({ times: { queuedMs: 20, sandboxMs: 300, runMs: 4000, cpuMs: 1, totalMs: 4320 } }),
      runResult(),
      runResult({ verdict: 'error', exitCode: 1 }),
    ];
    const fake = createFakeApp({ run: () => results.shift()! });
    for (let n = 0; n < 3; n += 1) await run(fake).expect(200);
    expect(await samplesOf(fake)).toMatchObject({
      'katabox_runs_total{language="python",verdict="ok"}': 2,
      'katabox_runs_total{language="python",verdict="error"}': 1,
      'katabox_queue_seconds_count{language="python"}': 3,
      'katabox_queue_seconds_bucket{le="0.01",language="python"}': 2,
      'katabox_queue_seconds_bucket{le="0.025",language="python"}': 3,
      'katabox_sandbox_wait_seconds_bucket{le="0.25",language="python"}': 2,
      'katabox_sandbox_wait_seconds_bucket{le="0.5",language="python"}': 3,
      'katabox_run_seconds_bucket{le="2.5",language="python"}': 2,
      'katabox_run_seconds_bucket{le="5",language="python"}': 3,
      'katabox_total_seconds_bucket{le="+Inf",language="python"}': 3,
    });
  });

  it('tell the sandboxes by state, and who waits', async () => {
    expect(await samplesOf(createFakeApp())).toMatchObject({
      'katabox_sandboxes{state="ready"}': 2,
      'katabox_sandboxes{state="creating"}': 1,
      'katabox_sandboxes{state="running"}': 3,
      katabox_waiting: 4,
    });
  });

  it.each([
    ['busy', new BusyError('Busy', 1), { busy: 1, unavailable: 0 }],
    ['unavailable', new SandboxUnavailableError('No engine'), { busy: 0, unavailable: 1 }],
  ])('count who was refused as %s', async (_reason, error, counts) => {
    const fake = createFakeApp({ run: () => Promise.reject(error) });
    await run(fake).expect(503);
    const samples = await samplesOf(fake);
    expect(samples['katabox_refused_total{reason="busy"}']).toBe(counts.busy);
    expect(samples['katabox_refused_total{reason="unavailable"}']).toBe(counts.unavailable);
  });

  it('count what went wrong with the engine', async () => {
    const metrics = createMetrics(() => ({ ready: 0, creating: 0, running: 0, waiting: 0 }));
    metrics.engineError();
    metrics.engineError();
    expect(await samplesOf(createFakeApp({ metrics }))).toMatchObject({ katabox_engine_errors_total: 2 });
  });

  it('say how the process itself does', async () => {
    const { text } = await request(createFakeApp().app).get('/metrics');
    expect(text).toMatch(/^process_resident_memory_bytes \d+/m);
  });
});
