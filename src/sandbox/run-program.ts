import { randomBytes } from 'node:crypto';
import { createCappedText } from '../run/capped-text.ts';
import type { RunRequest } from '../run/request.ts';
import type { RunResult, RunTimes, StreamName } from '../run/result.ts';
import { type ProgramSignal, type RunOptions, SandboxUnavailableError } from '../run/runner.ts';
import { type EndReport, endingOf, type FiredLimit } from '../run/verdict.ts';
import type { Connection } from './connection.ts';
import { collectOutput, forwardOutput } from './output.ts';
import { inOrder } from './stream-order.ts';
import { createOutputReader, encodeRequest, launcherSignals } from './wire.ts';

/** What a sandbox knows of a run; the runner adds who waited how long. */
export type Outcome = Omit<RunResult, 'id' | 'language' | 'version' | 'times'> &
  Pick<RunTimes, 'runMs' | 'cpuMs'>;

/** For the end report, once a limit has fired: it usually takes a few ms, and the answer must not wait for ever. */
const REPORT_GRACE_MS = 250;

/** The CPU quota is one CPU in each period of 100 ms: no honest report can claim more. */
const CPU_SLACK_MS = 100;

export interface ProgramOptions extends RunOptions {
  readonly connection: Connection;
  readonly request: RunRequest;
  /** Sends a signal to the launcher; never rejects. */
  readonly sendSignal: (signal: NodeJS.Signals) => Promise<void>;
  /** Asked when the container is over and its launcher has not said why. */
  readonly ranOutOfMemory: () => Promise<boolean>;
}

/**
 * Feeds a ready launcher and observes its program to the end. Resolves for anything the program does; `reported` tells
 * whether an end report came, after which the launcher ends.
 * @throws SandboxUnavailableError when the container was lost under it; the signal's reason when aborted.
 */
export function runProgram({
  connection,
  request,
  sendSignal,
  ranOutOfMemory,
  signal,
  onOutput,
  onStart,
}: ProgramOptions): Promise<Outcome & { readonly reported: boolean }> {
  const { limits } = request;
  const texts = {
    stdout: createCappedText(limits.outputBytes),
    stderr: createCappedText(limits.outputBytes),
  };
  const output = inOrder(onOutput ? forwardOutput(onOutput, connection) : collectOutput());
  const lost = { stdout: false, stderr: false };
  const send = oneAtATime(sendSignal);
  let firedLimit: FiredLimit | null = null;
  let graceTimer: NodeJS.Timeout | undefined;
  let over = false;

  return new Promise((resolve, reject) => {
    const nonce = randomBytes(16).toString('hex');
    const startedAt = performance.now();
    const reader = createOutputReader({ nonce, onOutput: keep, onEnd: end });
    const wallTimer = setTimeout(stopAtDeadline, limits.wallMs);

    function keep(stream: StreamName, bytes: Buffer): void {
      lost[stream] ||= !output.add(stream, texts[stream].write(bytes));
      if (texts[stream].truncated) stopAt({ name: stream, value: limits.outputBytes });
    }

    // The first reason wins. The stream is drained on: the end report comes behind what is still in it.
    function stopAt(limit: FiredLimit): void {
      firedLimit ??= limit;
      if (graceTimer || over) return;
      graceTimer = setTimeout(() => end(null), REPORT_GRACE_MS);
      // The launcher keeps the wall limit as well.
      if (limit.name !== 'wall') send(launcherSignals.stop);
    }

    // If somebody held it up, the program may have ended long ago: the report that we have not read yet says so.
    function stopAtDeadline(): void {
      const wall: FiredLimit = { name: 'wall', value: limits.wallMs };
      if (!output.letGo()) return stopAt(wall);
      graceTimer ??= setTimeout(() => {
        firedLimit ??= wall;
        end(null);
      }, REPORT_GRACE_MS);
    }

    function end(report: EndReport | null): void {
      if (over) return;
      const runMs = performance.now() - startedAt;
      reader.stdout.flush();
      reader.stderr.flush();
      for (const stream of ['stdout', 'stderr'] as const) output.add(stream, texts[stream].end());
      release();
      resolve({
        ...endingOf(firedLimit, report, limits),
        output: output.end(),
        truncated: {
          stdout: lost.stdout || texts.stdout.truncated,
          stderr: lost.stderr || texts.stderr.truncated,
        },
        memoryBytes: report && Math.min(report.memoryBytes, limits.memoryBytes),
        reported: report !== null,
        runMs,
        cpuMs: report && Math.min(report.cpuUs / 1000, runMs + CPU_SLACK_MS),
      });
    }

    // The kernel prefers the program to the launcher, but a program can see to it that there is nothing else to kill.
    async function lose(): Promise<void> {
      if (over) return;
      if (!firedLimit && (await ranOutOfMemory())) firedLimit = { name: 'memory', value: limits.memoryBytes };
      if (over) return;
      if (firedLimit) return end(null);
      release();
      output.end();
      reject(new SandboxUnavailableError('The sandbox was lost while the program ran'));
    }

    function abort(): void {
      release();
      output.end(); // what still waits to be passed on would come after we have rejected
      reject(signal?.reason as Error);
    }

    function release(): void {
      over = true;
      clearTimeout(wallTimer);
      clearTimeout(graceTimer);
      signal?.removeEventListener('abort', abort);
      connection.listen(() => {});
    }

    if (signal?.aborted) return abort();
    signal?.addEventListener('abort', abort);
    connection.listen((stream, bytes) => reader[stream].write(bytes));
    void connection.closed.then(lose);
    connection.write(encodeRequest(request, nonce));
    if (!onStart) return connection.endInput();
    onStart({
      write: (text) => over || connection.write(Buffer.from(text)),
      endInput: () => over || connection.endInput(),
      signal: (name: ProgramSignal) => over || send(launcherSignals[name]),
    });
  });
}

/** Each signal is a process that the engine starts: of one that is sent many times over, one is under way, and one waits. */
function oneAtATime(sendSignal: ProgramOptions['sendSignal']): (signal: NodeJS.Signals) => void {
  const waiting = new Set<NodeJS.Signals>();
  let sending = false;
  return (signal) => {
    waiting.add(signal);
    if (!sending) void sendAll();
  };

  async function sendAll(): Promise<void> {
    sending = true;
    for (const next of waiting) {
      waiting.delete(next);
      await sendSignal(next);
    }
    sending = false;
  }
}
