import { fileURLToPath } from 'node:url';
import express, { type Express } from 'express';
import createError from 'http-errors';
import type { Logger } from 'pino';
import type { Limits } from '../run/limits.ts';
import type { Runner } from '../run/runner.ts';
import type { Runtime } from '../run/runtimes.ts';
import { readAssets, serveAssets } from './assets.ts';
import { connectRoutes } from './connect.ts';
import { allowOrigins } from './cross-origin.ts';
import { docsRoutes } from './docs.ts';
import { editorRoutes } from './editor.ts';
import { createErrorHandler } from './error-handler.ts';
import { executeRoutes } from './execute.ts';
import { createGuards } from './guards.ts';
import { healthRoutes } from './health.ts';
import type { Metrics } from './metrics.ts';
import { pagePolicy } from './page-policy.ts';
import { requestLog } from './request-log.ts';
import { sendCodeRoutes } from './send-code.ts';

export interface AppOptions {
  readonly runner: Runner;
  /** What can be run, as the image itself tells. */
  readonly runtimes: () => Promise<readonly Runtime[]>;
  readonly metrics: Metrics;
  /** Null when runs can be served. */
  readonly whyNotReady: () => Promise<string | null>;
  readonly limits: Limits;
  readonly logger: Logger;
  readonly bodyBytes: number;
  /** How long a run may wait for its turn. */
  readonly maxWaitMs: number;
  readonly allowedOrigins: readonly string[];
  /** Per client address; 0 is no limit. */
  readonly rateLimitPerMinute: number;
  readonly trustProxy: number | readonly string[];
}

const folder = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

const built = folder('public/built');

/** That of our own Piston, and that of the public instance, which many clients have in them. */
const API_PATHS = ['/api/v2/piston', '/api/v2'];

/** Wires the HTTP surface; it never listens. */
export function createApp(given: AppOptions): Express {
  const options = { ...given, runner: given.metrics.observe(given.runner) };
  const guards = createGuards(options);
  const app = express();
  app.set('views', folder('views'));
  app.set('view engine', 'ejs');
  app.set('trust proxy', options.trustProxy);
  app.disable('x-powered-by');
  app.disable('etag'); // no answer but a file can be had again
  app.locals['assets'] = readAssets(built);
  app.locals['limits'] = { wallMs: options.limits.wallMs, maxWaitMs: options.maxWaitMs };

  app.use(requestLog(options.logger));
  app.use(pagePolicy(options.allowedOrigins));
  app.use(healthRoutes(options));
  app.use('/built', serveAssets(built));
  app.use(express.static(folder('public'), { index: false, maxAge: '1h' }));
  app.get('/metrics', options.metrics.route);
  app.use(editorRoutes());
  app.use(sendCodeRoutes(options, guards));
  const api = [executeRoutes(options, guards), connectRoutes(options, guards)];
  app.use(API_PATHS, allowOrigins(options.allowedOrigins), ...api);
  app.use(docsRoutes(options));
  app.use((req, _res, next) => next(createError(404, `There is nothing at ${req.method} ${req.path}`)));
  app.use(createErrorHandler(options));
  return app;
}
