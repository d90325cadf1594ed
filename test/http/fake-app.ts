import { pino } from 'pino';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { createMetrics } from '../../src/http/metrics.ts';
import type { RunRequest } from '../../src/run/request.ts';
import type { RunResult } from '../../src/run/result.ts';
import type { RunOptions, Runner } from '../../src/run/runner.ts';
import { defaultLimits } from '../../src/run/limits.ts';
import { runResult } from '../run-result.ts';

export const FORM = 'application/x-www-form-urlencoded';

/** The three kinds of caller, by what they accept. */
export const callers = {
  curl: '*/*',
  browser: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  program: 'application/json',
} as const;

type FakeAppOptions = Partial<AppOptions> & {
  /** What the runner does; by default every program is `print("hi")`. */
  readonly run?: (request: RunRequest, options: RunOptions) => RunResult | Promise<RunResult>;
};

/** The whole HTTP surface over a runner that runs nothing. */
export function createFakeApp({ run = () => runResult(), ...options }: FakeAppOptions = {}) {
  const requests: RunRequest[] = [];
  const signals: (AbortSignal | undefined)[] = [];
  const logLines: string[] = [];
  const runner: Runner = {
    async run(request, options = {}) {
      requests.push(request);
      signals.push(options.signal);
      return run(request, options);
    },
  };
  const app = createApp({
    runner,
    runtimes: async () => [{ language: 'python', version: '3.13.1', aliases: ['py', 'py3', 'python3'] }],
    metrics: createMetrics(() => ({ ready: 2, creating: 1, running: 3, waiting: 4 })),
    whyNotReady: async () => null,
    limits: defaultLimits,
    logger: pino({ level: 'trace' }, { write: (line: string) => void logLines.push(line) }),
    bodyBytes: 4 * 1024 * 1024,
    maxWaitMs: 30_000,
    allowedOrigins: [],
    rateLimitPerMinute: 0,
    trustProxy: 0,
    ...options,
  });
  return { app, requests, signals, logLines };
}

/** A form's body, escaped as a browser does. */
export function formOf(fields: Record<string, string>): string {
  return new URLSearchParams(fields).toString();
}
