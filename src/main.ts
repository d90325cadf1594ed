import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { pino } from 'pino';
import { type Config, ConfigError, parseConfig } from './config.ts';
import { createApp } from './http/app.ts';
import { createMetrics } from './http/metrics.ts';
import { createHttpServer } from './http/upgrade.ts';
import type { Limits } from './run/limits.ts';
import { createDockerRunner } from './sandbox/docker-runner.ts';
import { sandboxImage } from './sandbox/sandbox-image.ts';

/** Past the longest run, for its answer to be sent and the containers to be removed. */
const SHUTDOWN_SLACK_MS = 5_000;

/** Signals closer than this are one request to stop. */
const SAME_REQUEST_MS = 500;

function limitsFrom(config: Config): Limits {
  return {
    wallMs: config.RUN_WALL_MS,
    cpuMs: config.RUN_CPU_MS,
    memoryBytes: config.RUN_MEMORY_BYTES,
    pids: config.RUN_PIDS,
    outputBytes: config.RUN_OUTPUT_BYTES,
    sourceBytes: config.SOURCE_BYTES,
    stdinBytes: config.STDIN_BYTES,
    scratchBytes: config.SCRATCH_BYTES,
  };
}

async function main(config: Config): Promise<void> {
  const logger = pino({ level: config.LOG_LEVEL });
  const limits = limitsFrom(config);
  const owner = randomUUID();
  const runner = createDockerRunner({
    docker: new Docker(), // DOCKER_HOST and Docker's TLS variables are dockerode's to read
    owner,
    image: sandboxImage(config.SANDBOX_IMAGE, 'python'),
    ...(config.SANDBOX_RUNTIME === undefined ? {} : { runtime: config.SANDBOX_RUNTIME }),
    limits,
    poolSize: config.POOL_SIZE,
    admission: {
      maxRunning: config.MAX_RUNNING,
      maxWaiting: config.MAX_WAITING,
      maxWaitMs: config.MAX_WAIT_MS,
    },
    onError(error) {
      metrics.engineError();
      logger.error({ err: error }, 'sandbox trouble');
    },
  });
  const metrics = createMetrics(() => runner.counts);
  const app = createApp({
    runner,
    runtimes: () => runner.runtimes(),
    metrics,
    whyNotReady: () => runner.whyNotReady(),
    limits,
    logger,
    bodyBytes: config.BODY_BYTES,
    maxWaitMs: config.MAX_WAIT_MS,
    allowedOrigins: config.ALLOWED_ORIGINS,
    rateLimitPerMinute: config.RATE_LIMIT_PER_MINUTE,
    trustProxy: config.TRUST_PROXY,
  });
  const { server, closeAllConnections } = createHttpServer(app);
  server.listen(config.PORT, config.HOST);
  await once(server, 'listening');
  runner.start(); // not before: a port that is taken would leave sandboxes to clean up
  void runner.runtimes().catch(() => {}); // so that nobody has to wait for the answer; the trouble has been logged
  const { address, port, family } = server.address() as AddressInfo;
  const host = family === 'IPv6' ? `[${address}]` : address;
  logger.info({ owner }, `Katabox is at http://${host}:${port}`);

  let stoppingSince: number | null = null;
  async function stop(signal: NodeJS.Signals): Promise<void> {
    if (stoppingSince !== null) {
      // Asked again: somebody is in a hurry, and the engine cleans up behind us. At Ctrl+C npm and the terminal ask both.
      if (performance.now() - stoppingSince > SAME_REQUEST_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    logger.info(`${signal}: letting running programs end`);
    const drainMs = config.RUN_WALL_MS + SHUTDOWN_SLACK_MS;
    setTimeout(() => process.exit(1), drainMs + SHUTDOWN_SLACK_MS).unref();
    server.close();
    await runner.close(drainMs);
    closeAllConnections();
    logger.info('stopped');
  }
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

try {
  await main(parseConfig(process.env));
} catch (error) {
  // Before there is anything to serve, all that can be done is to say why, in plain lines.
  process.stderr.write(`${error instanceof ConfigError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
