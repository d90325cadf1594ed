import type { StreamName } from '../run/result.ts';
import { type LiveRun, type LiveRunOptions, type Outcome, startLiveRun } from './live-run.ts';
import type { Program } from './program.ts';
import type { ResultView } from './result-view.ts';
import type { Typing } from './typing.ts';

/** Past the longest that the server lets anything take, for the way and for a busy machine. */
const SLACK_MS = 15_000;
/** What a program may make of the interrupt before it is killed. */
const INTERRUPT_MS = 500;
/** The server has to say by then that a killed program is over. */
const KILL_MS = 3_000;
/** Who is refused as often as that has a different problem. */
const MAX_TRIES = 10;

export interface RunControl {
  /** Runs a program, in place of the one that may be under way. */
  readonly run: (program: Program) => Promise<void>;
  /** Ends the program that is under way, or the waiting for it. */
  readonly stop: () => void;
  readonly write: (text: string) => void;
  readonly endInput: () => void;
}

export interface RunControlOptions {
  readonly view: ResultView;
  readonly typing: Typing;
  readonly limits: { readonly wallMs: number; readonly maxWaitMs: number };
  readonly onBusy: (isBusy: boolean) => void;
  /** Where which program failed. */
  readonly onFailure: (line: number, program: Program) => void;
  /** No WebSocket gets through: there is still the form. */
  readonly runByForm: () => void;
}

/** Lets one program run at a time, tries again when the server is busy, and always comes to an end. */
export function createRunControl(options: RunControlOptions): RunControl {
  const { view, typing, limits, onBusy, onFailure, runByForm } = options;
  let current: { run: LiveRun | null; started: boolean; stopped: boolean; leave: AbortController } | null =
    null;

  async function run(program: Program): Promise<void> {
    end();
    const own = { run: null as LiveRun | null, started: false, stopped: false, leave: new AbortController() };
    current = own;
    onBusy(true);
    const outcome = await tryUntilTaken();
    await view.shown();
    if (current !== own) return;
    end();
    if (outcome.type === 'blocked') runByForm();
    const line = view.end(outcome, own.stopped);
    if (line !== null) onFailure(line, program);

    async function tryUntilTaken(): Promise<Outcome> {
      let wasBlocked = false;
      for (let tries = 1; ; tries += 1) {
        view.begin();
        const outcome = await tryOnce();
        if (outcome.type === 'blocked' && !wasBlocked) {
          wasBlocked = true; // a single one may be bad luck
          continue;
        }
        if (outcome.type !== 'busy' || own.started || tries === MAX_TRIES) return outcome;
        view.waitToRetry(outcome.message, outcome.retryAfterSeconds);
        await pause(outcome.retryAfterSeconds * 1000, own.leave.signal);
        if (own.leave.signal.aborted) return { type: 'abandoned', started: false };
      }
    }

    async function tryOnce(): Promise<Outcome> {
      try {
        own.run = startLiveRun({ program, silenceMs, onStart, onOutput });
      } catch {
        return { type: 'blocked' };
      }
      return own.run.outcome;
    }

    function onOutput(stream: StreamName, text: string): void {
      view.append(stream, text);
      typing.sawOutput(stream, text);
    }

    function onStart(): void {
      own.started = true;
      view.running(limits.wallMs);
      if (program.stdin === '') typing.open();
    }
  }

  const silenceMs: LiveRunOptions['silenceMs'] = {
    waiting: limits.maxWaitMs + SLACK_MS,
    running: limits.wallMs + SLACK_MS,
  };

  /** Whatever is under way is of no interest any more. */
  function end(): void {
    current?.leave.abort();
    current?.run?.abandon();
    current = null;
    typing.close();
    onBusy(false);
  }

  function stop(): void {
    const own = current;
    if (!own) return;
    own.stopped = true;
    if (!own.started) {
      own.leave.abort();
      own.run?.abandon();
      return;
    }
    // As Ctrl+C does: the traceback says where it was. What does not heed it is killed.
    const { run } = own;
    run?.signal('SIGINT');
    setTimeout(() => run?.signal('SIGKILL'), INTERRUPT_MS);
    setTimeout(() => run?.abandon(), INTERRUPT_MS + KILL_MS);
  }

  return {
    run,
    stop,
    write(text) {
      view.append('typed', text);
      current?.run?.write(text);
    },
    endInput() {
      current?.run?.endInput();
    },
  };
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
