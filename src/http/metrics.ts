import type { RequestHandler } from 'express';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { RunResult, RunTimes } from '../run/result.ts';
import { BusyError, type Runner, type RunnerCounts, SandboxUnavailableError } from '../run/runner.ts';

export interface Metrics {
  /** The same runner, with its runs counted. */
  observe(runner: Runner): Runner;
  /** Counts what went wrong between us and the engine. */
  engineError(): void;
  readonly route: RequestHandler;
}

/** From a warm `print("hi")` to the longest run that is likely to be allowed. */
const BUCKETS_S = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts runs for Prometheus. `counts` is asked whenever somebody reads. */
export function createMetrics(counts: () => RunnerCounts): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  const runs = new Counter({
    name: 'katabox_runs_total',
    help: 'Programs that were run, by language and verdict',
    labelNames: ['language', 'verdict'] as const,
    registers,
  });
  const refused = new Counter({
    name: 'katabox_refused_total',
    help: 'Requests for a run that were answered with 503: busy, or no sandbox to be had',
    labelNames: ['reason'] as const,
    registers,
  });
  for (const reason of ['busy', 'unavailable']) refused.inc({ reason }, 0); // a series that rises is to have begun
  const engineErrors = new Counter({
    name: 'katabox_engine_errors_total',
    help: 'What the Docker engine would not or could not do',
    registers,
  });

  const histogram = (name: string, help: string) =>
    new Histogram({ name, help, labelNames: ['language'] as const, buckets: BUCKETS_S, registers });
  const times: readonly (readonly [keyof RunTimes, Histogram<'language'>])[] = [
    ['queuedMs', histogram('katabox_queue_seconds', 'Time that runs waited for their turn')],
    ['sandboxMs', histogram('katabox_sandbox_wait_seconds', 'Time that runs waited for a sandbox')],
    ['runMs', histogram('katabox_run_seconds', 'Time from the start of programs to their end')],
    ['totalMs', histogram('katabox_total_seconds', 'Time from the arrival of runs to their result')],
  ];

  const gauge = <Label extends string>(
    name: string,
    help: string,
    labelNames: Label[],
    collect: (gauge: Gauge<Label>) => void,
  ) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        collect(this);
      },
    });
  gauge('katabox_sandboxes', 'Sandboxes, by state', ['state'], (sandboxes) => {
    const { ready, creating, running } = counts();
    for (const [state, count] of Object.entries({ ready, creating, running }))
      sandboxes.set({ state }, count);
  });
  gauge('katabox_waiting', 'Requests that wait for their turn or for a sandbox', [], (waiting) =>
    waiting.set(counts().waiting),
  );

  function countResult({ language, verdict, times: took }: RunResult): void {
    runs.inc({ language, verdict });
    for (const [name, seconds] of times) seconds.observe({ language }, (took[name] ?? 0) / 1000);
  }

  function countError(error: unknown): void {
    if (error instanceof BusyError) refused.inc({ reason: 'busy' });
    if (error instanceof SandboxUnavailableError) refused.inc({ reason: 'unavailable' });
  }

  return {
    observe: (runner) => ({
      run(request, options) {
        const result = runner.run(request, options);
        result.then(countResult, countError);
        return result;
      },
    }),
    engineError: () => engineErrors.inc(),
    route: async (_req, res) => {
      res.type(registry.contentType).send(await registry.metrics());
    },
  };
}
