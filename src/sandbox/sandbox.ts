import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { Limits } from '../run/limits.ts';
import type { RunRequest } from '../run/request.ts';
import { type RunOptions, SandboxUnavailableError } from '../run/runner.ts';
import { type Connection, createConnection } from './connection.ts';
import { containerOptions, type SandboxIdentity, type SandboxImage } from './container-options.ts';
import { isRefusal, toUnavailable } from './docker-errors.ts';
import { ranOutOfMemory } from './out-of-memory.ts';
import { removeContainer } from './remove-container.ts';
import { type Outcome, runProgram } from './run-program.ts';
import { parseReadyLine } from './wire.ts';

/** One throw-away container whose interpreter has booted and waits for its one program. */
export interface Sandbox {
  readonly id: string;
  /** Of the interpreter. */
  readonly version: string;
  /** Once only. The container still has to be destroyed. */
  run(request: RunRequest, options?: RunOptions): Promise<Outcome>;
  /** Resolves when the container is over, whether it was ever fed or not. */
  readonly ended: Promise<void>;
  /** Idempotent. @throws SandboxUnavailableError when the engine would not remove it. */
  destroy(): Promise<void>;
}

export interface SandboxOptions {
  readonly docker: Docker;
  readonly image: SandboxImage;
  readonly limits: Limits;
  readonly identity: SandboxIdentity;
  /** A sandbox that nobody has fed by then destroys itself. */
  readonly maxWaitingMs: number;
}

/** Its container was created, and then did not come up. */
export class BootError extends SandboxUnavailableError {
  constructor(reason: string, cause?: unknown) {
    super(`Could not create a sandbox: ${reason}`, { cause });
  }
}

/** Booting takes 30 ms on an idle machine; a thousand times that is a broken image, not a busy machine. */
const BOOT_LIMIT_MS = 30_000;
const READY_LINE_LIMIT = 256;

/**
 * A launcher that has reported ends by itself, after a moment (LINGER_S in launchers/python.py), and AutoRemove does the
 * rest. That costs the engine 15 ms of CPU less than being told to remove the container, for which it starts one more
 * process. If it is not gone by then, it may be that not it has reported, but its program, in its name.
 */
const LEAVE_LIMIT_MS = 1000;

/**
 * Creates a container and waits until its launcher is ready.
 * @throws SandboxUnavailableError, with nothing left behind.
 */
export async function createSandbox({
  docker,
  image,
  limits,
  identity,
  maxWaitingMs,
}: SandboxOptions): Promise<Sandbox> {
  let container: Docker.Container | undefined;
  let connection: Connection | undefined;
  let leaving = false;

  async function destroy(): Promise<void> {
    if (leaving && connection && (await settlesWithin(connection.closed, LEAVE_LIMIT_MS))) return;
    connection?.destroy();
    if (container) await removeContainer(container);
  }

  async function sendSignal(signal: NodeJS.Signals): Promise<void> {
    try {
      await container?.kill({ signal });
    } catch {
      // It ended by itself, or the engine is gone: either way the run ends without our asking.
    }
  }

  try {
    container = await docker.createContainer(containerOptions(image, limits, identity));
    const { id } = container;
    // Attach before start: what is written before we listen would be lost.
    const attached = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    connection = createConnection(attached as Duplex);
    const ready = readyLineOf(connection);
    connection.write(image.launcher);
    await container.start().catch((error: unknown) => {
      throw isRefusal(error) ? new BootError('the Docker engine refused to start it', error) : error;
    });
    const { version } = parseReadyLine(await ready);
    const fed = { connection, sendSignal, ranOutOfMemory: () => ranOutOfMemory(docker, id) };
    const retirement = setTimeout(() => void destroy().catch(() => {}), maxWaitingMs).unref();
    return {
      id: identity.run,
      version,
      async run(request, options) {
        clearTimeout(retirement);
        const { reported, ...outcome } = await runProgram({ ...options, ...fed, request });
        leaving = reported;
        return outcome;
      },
      ended: connection.closed,
      destroy,
    };
  } catch (error) {
    await destroy().catch(() => {}); // the first error says more; the sweeper takes what is left
    throw toUnavailable('create a sandbox', error);
  }
}

/** Whether a promise that does not reject resolves in time. */
async function settlesWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  const tooLate = new AbortController();
  const inTime = promise.then(() => true);
  const late = delay(ms, false, { signal: tooLate.signal }).catch(() => false);
  return Promise.race([inTime, late]).finally(() => tooLate.abort());
}

/** What the launcher writes first, up to the end of the line. */
function readyLineOf(connection: Connection): Promise<string> {
  const line = new Promise<string>((resolve, reject) => {
    let text = '';
    const timer = setTimeout(
      () =>
        reject(
          new SandboxUnavailableError(
            `Could not create a sandbox: it was not ready within ${BOOT_LIMIT_MS} ms`,
          ),
        ),
      BOOT_LIMIT_MS,
    );
    connection.listen((stream, bytes) => {
      text += stream === 'stdout' ? bytes.toString('latin1') : '';
      if (!text.includes('\n') && text.length < READY_LINE_LIMIT) return;
      clearTimeout(timer);
      resolve(text.trim());
    });
    void connection.closed.then(() => {
      clearTimeout(timer);
      reject(new BootError('it ended before it was ready'));
    });
  });
  line.catch(() => {}); // while `start` is still under way nobody awaits it
  return line;
}
