import type { LiveMessage, LiveRequest } from '../http/live-messages.ts';
import type { StreamName } from '../run/result.ts';
import type { ProgramSignal } from '../run/runner.ts';
import type { Program } from './program.ts';

export type Exit = Extract<LiveMessage, { type: 'exit' }>;

/** What became of a try to run a program. */
export type Outcome =
  | { readonly type: 'exit'; readonly exit: Exit }
  /** The same may succeed later. */
  | { readonly type: 'busy'; readonly message: string; readonly retryAfterSeconds: number }
  | { readonly type: 'refused'; readonly message: string }
  /** The server answers, but no WebSocket gets through to it. */
  | { readonly type: 'blocked' }
  | { readonly type: 'unreachable' }
  /** The connection broke, or nothing came for longer than anything may take. */
  | { readonly type: 'lost'; readonly started: boolean }
  | { readonly type: 'abandoned'; readonly started: boolean };

export interface LiveRunOptions {
  readonly program: Program;
  /** How long nothing may come: before the program starts, and from then on. */
  readonly silenceMs: { readonly waiting: number; readonly running: number };
  readonly onStart: () => void;
  readonly onOutput: (stream: StreamName, text: string) => void;
}

export interface LiveRun {
  readonly outcome: Promise<Outcome>;
  readonly write: (text: string) => void;
  readonly endInput: () => void;
  readonly signal: (name: ProgramSignal) => void;
  /** Ends the run and the connection at once. */
  readonly abandon: () => void;
}

const CONNECT = '/api/v2/connect';
const EXECUTE = '/api/v2/execute';
/** When a time is named by nobody, or in words. */
const RETRY_SECONDS = 5;
/** The server's close codes for a message that it found too large (RFC 6455, section 7.4.1), and that took too long to come. */
const [TOO_LARGE, TOO_SLOW] = [1009, 4001];

/**
 * Runs a program over a WebSocket of its own: `/connect` of the API. The outcome never rejects.
 * @throws where the browser, or something in it, allows no WebSocket.
 */
export function startLiveRun({ program, silenceMs, onStart, onOutput }: LiveRunOptions): LiveRun {
  const socket = new WebSocket(new URL(CONNECT, location.href.replace(/^http/, 'ws')));
  const say = (message: LiveRequest) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
  };
  let opened = false;
  let started = false;
  let over = false;
  let silence = 0;
  let settle: (outcome: Outcome) => void;
  const outcome = new Promise<Outcome>((resolve) => (settle = resolve));

  function finish(outcome: Outcome): void {
    if (over) return;
    over = true; // what is still on its way is of no interest
    clearTimeout(silence);
    settle(outcome);
    socket.close();
  }

  function expectMore(): void {
    clearTimeout(silence);
    const afterMs = started ? silenceMs.running : silenceMs.waiting;
    silence = window.setTimeout(() => finish({ type: 'lost', started }), afterMs);
  }

  socket.addEventListener('open', () => {
    opened = true;
    say({ type: 'init', language: 'python', files: [{ content: program.source }], stdin: program.stdin });
    if (program.stdin !== '') say({ type: 'eof' });
  });
  socket.addEventListener('message', ({ data }: MessageEvent<string>) => {
    if (over) return;
    const message = JSON.parse(data) as LiveMessage;
    started ||= message.type === 'stage';
    expectMore();
    if (message.type === 'stage') onStart();
    else if (message.type === 'data') onOutput(message.stream, message.data);
    else if (message.type === 'exit') finish({ type: 'exit', exit: message });
    else if (message.type === 'error') finish(refusal(message.message, message.retryAfterSeconds));
  });
  socket.addEventListener('close', ({ code }) => {
    if (over) return;
    if (code === TOO_LARGE) finish({ type: 'refused', message: 'The program is too large for this server' });
    else if (code === TOO_SLOW) finish({ type: 'blocked' });
    else if (opened) finish({ type: 'lost', started });
    else void whyNotOpened().then(finish);
  });
  expectMore();

  return {
    outcome,
    write: (text) => say({ type: 'data', stream: 'stdin', data: text }),
    endInput: () => say({ type: 'eof' }),
    signal: (name) => say({ type: 'signal', signal: name }),
    abandon: () => finish({ type: 'abandoned', started }),
  };
}

function refusal(message: string, retryAfterSeconds: number | undefined): Outcome {
  if (retryAfterSeconds === undefined) return { type: 'refused', message };
  return { type: 'busy', message, retryAfterSeconds };
}

/**
 * A script is not told why its WebSocket was refused. What refuses it would refuse the same by HTTP; without a body, which is
 * 415, nothing is run.
 */
async function whyNotOpened(): Promise<Outcome> {
  try {
    const response = await fetch(EXECUTE, { method: 'POST' });
    const { status, headers } = response;
    if (status === 415) return { type: 'blocked' };
    const seconds = Number(headers.get('Retry-After')) || RETRY_SECONDS;
    return refusal(await messageOf(response), status === 429 || status >= 500 ? seconds : undefined);
  } catch {
    return { type: 'unreachable' };
  }
}

async function messageOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as { message: string }).message;
  } catch {
    return `The server is not to be had: ${response.status} ${response.statusText}`; // a proxy's own page
  }
}
