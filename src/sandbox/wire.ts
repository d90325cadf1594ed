/**
 * The protocol between the server and the launcher (launchers/python.py), over the container's attached streams.
 *
 *     server   → stdin    the launcher's own text
 *     launcher → stdout   {"version":"3.11.2"}\n                            booted, and ready for its one request
 *     server   → stdin    8 hex digits, a JSON header of that many bytes, the source or the files one behind the other,
 *                         then the program's stdin
 *     launcher → stdout   whatever the program writes, then the terminator
 *     launcher → stderr   whatever the program writes, then the terminator, then the end report: JSON and \n
 *
 * Each pipe is FIFO: a terminator proves that everything before it has been read. It holds a nonce that the program did
 * not choose, but can find in its memory; with it, it can lie about its own result and do nothing else.
 *
 * Signals go to the launcher, as the engine knows no other process: `launcherSignals` says which means what.
 */
import { z } from 'zod';
import type { RunRequest } from '../run/request.ts';
import type { StreamName } from '../run/result.ts';
import type { ProgramSignal } from '../run/runner.ts';
import type { EndReport } from '../run/verdict.ts';

/** The request as the launcher expects it. `nonce`: 128 random bits in hex. */
export function encodeRequest(request: RunRequest, nonce: string): Buffer {
  const { program, args, limits } = request;
  const source = 'source' in program ? Buffer.from(program.source) : null;
  const files = 'files' in program ? program.files : [];
  const contents = source ? [source] : files.map(({ content }) => content);
  const header = Buffer.from(
    JSON.stringify({
      nonce,
      sourceBytes: source?.length ?? null,
      files: files.map(({ name, content }) => [name, content.length]),
      args,
      limits: { wallMs: limits.wallMs, cpuMs: limits.cpuMs },
    }),
  );
  const length = Buffer.from(header.length.toString(16).padStart(8, '0'));
  return Buffer.concat([length, header, ...contents, Buffer.from(request.stdin)]);
}

/** What to send to the launcher. SIGKILL would end itself, without a report. */
export const launcherSignals = {
  stop: 'SIGUSR1',
  SIGINT: 'SIGINT',
  SIGTERM: 'SIGTERM',
  SIGKILL: 'SIGUSR2',
} as const satisfies Record<ProgramSignal | 'stop', NodeJS.Signals>;

const readyLine = z.object({ version: z.string().max(64) });

/** The launcher's first line, without its end. Throws when it is none. */
export function parseReadyLine(line: string): { version: string } {
  return readyLine.parse(JSON.parse(line));
}

const MAX_REPORT_BYTES = 1024;
const count = z.number().int().nonnegative();
const endReport = z
  .object({
    exitCode: count.max(255).nullable(),
    signalNumber: count.min(1).max(64).nullable(),
    limit: z.enum(['wall', 'cpu']).nullable(),
    cpuUs: count,
    memoryBytes: count,
    oomKills: count,
  })
  .refine(({ exitCode, signalNumber }) => (exitCode === null) !== (signalNumber === null));

/** The launcher's last line, without its end. Null when it is no end report of ours. */
export function parseEndReport(line: Buffer): EndReport | null {
  if (line.length > MAX_REPORT_BYTES) return null;
  try {
    return endReport.parse(JSON.parse(line.toString()));
  } catch {
    return null;
  }
}

const FRAME_HEADER_BYTES = 8;

/**
 * Splits an attached stream without a TTY into its two streams; payloads are passed on as they come, uncopied.
 * Format: Docker Engine API, `POST /containers/{id}/attach`, "Stream format".
 */
export function createFrameParser(
  onBytes: (stream: StreamName, bytes: Buffer) => void,
): (chunk: Buffer) => void {
  const header = Buffer.alloc(FRAME_HEADER_BYTES);
  let headerBytes = 0;
  let payloadLeft = 0;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (payloadLeft === 0) {
        const taken = chunk.copy(header, headerBytes, at);
        headerBytes += taken;
        at += taken;
        if (headerBytes < FRAME_HEADER_BYTES) return;
        headerBytes = 0;
        payloadLeft = header.readUInt32BE(4);
        continue;
      }
      const bytes = chunk.subarray(at, at + payloadLeft);
      at += bytes.length;
      payloadLeft -= bytes.length;
      onBytes(header[0] === 2 ? 'stderr' : 'stdout', bytes);
    }
  };
}

interface StreamReader {
  write(bytes: Buffer): void;
  /** Hands over what might have become a terminator and no longer can. */
  flush(): void;
}

/** Passes on what comes before the terminator to `onBytes` and what comes after it to `onRest`. */
function createStreamReader(
  terminator: Buffer,
  onBytes: (bytes: Buffer) => void,
  onRest: (bytes: Buffer) => void,
): StreamReader {
  let held = Buffer.alloc(0);
  let ended = false;
  return {
    write(bytes) {
      if (ended) return onRest(bytes);
      const data = held.length > 0 ? Buffer.concat([held, bytes]) : bytes;
      const at = data.indexOf(terminator);
      ended = at >= 0;
      const end = ended ? at : data.length - tailThatMayBegin(terminator, data);
      held = Buffer.from(ended ? '' : data.subarray(end));
      if (end > 0) onBytes(data.subarray(0, end));
      if (ended) onRest(data.subarray(at + terminator.length));
    },
    flush() {
      if (held.length > 0) onBytes(held);
      held = Buffer.alloc(0);
    },
  };
}

/** How many of the last bytes of `data` are the beginning of `terminator`. */
function tailThatMayBegin(terminator: Buffer, data: Buffer): number {
  let at = data.indexOf(terminator[0]!, Math.max(0, data.length - terminator.length + 1));
  while (at >= 0 && !terminator.subarray(0, data.length - at).equals(data.subarray(at))) {
    at = data.indexOf(terminator[0]!, at + 1);
  }
  return at < 0 ? 0 : data.length - at;
}

export interface OutputReaderOptions {
  readonly nonce: string;
  readonly onOutput: (stream: StreamName, bytes: Buffer) => void;
  /** Both streams are complete. Null: the report was none. */
  readonly onEnd: (report: EndReport | null) => void;
}

/** Reads what a fed launcher sends, up to its end report. */
export function createOutputReader({
  nonce,
  onOutput,
  onEnd,
}: OutputReaderOptions): Record<StreamName, StreamReader> {
  const terminator = Buffer.from(`\0katabox-end:${nonce}\n`);
  let stdoutEnded = false;
  let report = Buffer.alloc(0);
  let done = false;

  function endIfComplete(): void {
    const lineEnd = report.indexOf('\n');
    const reported = lineEnd >= 0 || report.length > MAX_REPORT_BYTES;
    if (done || !stdoutEnded || !reported) return;
    done = true;
    onEnd(parseEndReport(report.subarray(0, lineEnd >= 0 ? lineEnd : report.length)));
  }

  return {
    stdout: createStreamReader(
      terminator,
      (bytes) => onOutput('stdout', bytes),
      () => {
        stdoutEnded = true;
        endIfComplete();
      },
    ),
    stderr: createStreamReader(
      terminator,
      (bytes) => onOutput('stderr', bytes),
      (bytes) => {
        if (report.length <= MAX_REPORT_BYTES) report = Buffer.concat([report, bytes]);
        endIfComplete();
      },
    ),
  };
}
