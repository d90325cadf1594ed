import { randomBytes } from 'node:crypto';
import { createCappedText } from '../run/capped-text.ts';
import type { RunRequest } from '../run/request.ts';
import type { OutputChunk, RunResult, RunTimes, StreamName } from '../run/result.ts';
import { type RunOptions, SandboxUnavailableError } from '../run/runner.ts';
import { type EndReport, endingOf, type FiredLimit } from '../run/verdict.ts';
import type { Connection } from './connection.ts';
import { createOutputReader, encodeRequest } from './wire.ts';

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
  /** Asks the launcher to end the program now and report. */
  readonly askToStop: () => void;
}

/**
 * Feeds a ready launcher and observes its program to the end. Resolves for anything the program does.
 * @throws SandboxUnavailableError when the container was lost under it; the signal's reason when aborted.
 */
export function runProgram({
  connection,
  request,
  askToStop,
  signal,
  onOutput,
}: ProgramOptions): Promise<Outcome> {
  const { limits } = request;
  const texts = {
    stdout: createCappedText(limits.outputBytes),
    stderr: createCappedText(limits.outputBytes),
  };
  const output = createOutput(onOutput);
  let firedLimit: FiredLimit | null = null;
  let graceTimer: NodeJS.Timeout | undefined;
  let over = false;

  return new Promise<Outcome>((resolve, reject) => {
    const nonce = randomBytes(16).toString('hex');
    const startedAt = performance.now();
    const reader = createOutputReader({ nonce, onOutput: keep, onEnd: end });
    const wallTimer = setTimeout(() => stopAt({ name: 'wall', value: limits.wallMs }), limits.wallMs);

    function keep(stream: StreamName, bytes: Buffer): void {
      output.add(stream, texts[stream].write(bytes));
      if (texts[stream].truncated) stopAt({ name: stream, value: limits.outputBytes });
    }

    // The first reason wins. The stream is drained on: the end report comes behind what is still in it.
    function stopAt(limit: FiredLimit): void {
      firedLimit ??= limit;
      if (graceTimer || over) return;
      graceTimer = setTimeout(() => end(null), REPORT_GRACE_MS);
      // The launcher keeps the wall limit as well.
      if (limit.name !== 'wall') askToStop();
    }

    function end(report: EndReport | null): void {
      const runMs = performance.now() - startedAt;
      release();
      reader.stdout.flush();
      reader.stderr.flush();
      output.add('stdout', texts.stdout.end());
      output.add('stderr', texts.stderr.end());
      resolve({
        ...endingOf(firedLimit, report, limits),
        output: output.chunks,
        truncated: { stdout: texts.stdout.truncated, stderr: texts.stderr.truncated },
        memoryBytes: report && Math.min(report.memoryBytes, limits.memoryBytes),
        runMs,
        cpuMs: report && Math.min(report.cpuUs / 1000, runMs + CPU_SLACK_MS),
      });
    }

    function lost(): void {
      if (over) return;
      if (firedLimit) return end(null);
      release();
      reject(new SandboxUnavailableError('The sandbox was lost while the program ran'));
    }

    function abort(): void {
      release();
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
    void connection.closed.then(lost);
    connection.feed(encodeRequest(request, nonce));
  });
}

/** Collects output in arrival order; neighbours of one stream become one chunk. */
function createOutput(onOutput: RunOptions['onOutput']) {
  const pieces: { stream: StreamName; texts: string[] }[] = [];
  return {
    add(stream: StreamName, text: string): void {
      if (text === '') return;
      const last = pieces.at(-1);
      if (last?.stream === stream) last.texts.push(text);
      else pieces.push({ stream, texts: [text] });
      onOutput?.({ stream, text });
    },
    get chunks(): OutputChunk[] {
      return pieces.map(({ stream, texts }) => ({ stream, text: texts.join('') }));
    },
  };
}
