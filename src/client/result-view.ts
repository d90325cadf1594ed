import { formatDuration, summaryOf } from '../run/wording.ts';
import { element } from './element.ts';
import type { Exit, Outcome } from './live-run.ts';
import type { Source } from './output-blocks.ts';
import { createOutputView } from './output-view.ts';
import { type ProgramName, programNames } from './traceback.ts';
import { linkLineReferences } from './traceback-links.ts';

/** What is over sooner needs no word of what it is doing. */
const SAY_AFTER_MS = 300;

export interface ResultView {
  /** Takes over a result that came with the page; returns like `end`. */
  readonly adopt: () => Promise<number | null>;
  /** Says what is wrong, though nothing was run. */
  readonly complain: (message: string) => void;
  /** A run begins: what was there of the last one goes. */
  readonly begin: () => void;
  /** The program has been handed over, and may take this long. */
  readonly running: (wallMs: number) => void;
  readonly append: (source: Source, text: string) => void;
  /** The next try comes in so many seconds. */
  readonly waitToRetry: (message: string, seconds: number) => void;
  /** Resolves when all of the output is to be seen. */
  readonly shown: () => Promise<void>;
  /** Says how it ended, and returns the line where the program failed, if it did. */
  readonly end: (outcome: Outcome, stoppedByUser: boolean) => number | null;
}

/** The right side of the page: output, and what becomes of the program. */
export function createResultView(): ResultView {
  const section = element('result');
  const [status, clock] = [element('verdict').querySelector('span')!, element('clock')];
  const [problem, message] = [element('problem'), element('message')];
  const [silent, idle] = [element('silent'), element('idle')];
  const output = createOutputView(element('output'));
  let ticking = 0;
  let isUnderWay = false;

  /** Says it after a while, with a clock behind it that is not read out. */
  function say(text: string, clockText: (elapsedMs: number) => string, afterMs = 0): void {
    clearInterval(ticking);
    const start = performance.now();
    const tick = () => {
      const elapsedMs = performance.now() - start;
      if (elapsedMs < afterMs) return;
      if (status.textContent !== text) status.textContent = text;
      clock.textContent = clockText(elapsedMs);
    };
    ticking = window.setInterval(tick, 100);
    tick();
  }

  function settle(verdict: string): void {
    clearInterval(ticking);
    section.className = verdict;
    delete section.dataset['running']; // not aria-busy, which would silence what is to be read out
    for (const part of [status, clock, problem, message]) part.textContent = '';
    for (const part of [silent, idle]) part.hidden = true;
  }

  function complain(reason: string): void {
    if (!isUnderWay) settle('error'); // or else what is said of it goes on
    problem.textContent = reason;
  }

  /** A warning names a line as well, but nothing failed there. */
  function failedLine(programName: ProgramName): number | null {
    const line = linkLineReferences(element('output'), programName);
    return section.className === 'ok' ? null : line;
  }

  return {
    async adopt() {
      const served = [...element('output').querySelectorAll('span')];
      if (served.length === 0) return null;
      output.clear();
      for (const { className, textContent } of served) output.append(className as Source, textContent);
      await output.shown();
      return failedLine(programNames.form);
    },
    complain,
    begin() {
      isUnderWay = true;
      settle('');
      output.clear();
      section.dataset['running'] = '';
      say('Waiting for a sandbox…', wholeSeconds, SAY_AFTER_MS);
    },
    running(wallMs) {
      say('Running…', (ms) => `${wholeSeconds(ms)} of at most ${formatDuration(wallMs)}`, SAY_AFTER_MS);
    },
    append: output.append,
    waitToRetry(reason, seconds) {
      settle('busy');
      problem.textContent = reason;
      say('Will try again', (ms) => `in ${Math.max(Math.ceil(seconds - ms / 1000), 0)} s`);
    },
    shown: output.shown,
    end(outcome, stoppedByUser) {
      isUnderWay = false;
      if (outcome.type !== 'exit') {
        complain(problemOf(outcome));
        return null;
      }
      const { exit } = outcome;
      settle(exit.verdict);
      status.textContent = endingOf(exit, !output.isEmpty, stoppedByUser);
      message.textContent = [exit.message, lossOf(exit)].filter(Boolean).join(' ');
      silent.hidden = !output.isEmpty;
      return failedLine(programNames.live);
    },
  };
}

const wholeSeconds = (ms: number) => `${Math.floor(ms / 1000)} s`;

function endingOf(exit: Exit, printed: boolean, stoppedByUser: boolean): string {
  if (stoppedByUser && exit.verdict === 'signal') {
    return `Stopped by you after ${formatDuration(exit.times.run)}`;
  }
  const { verdict, code, signal, memory, times } = exit;
  return summaryOf({ verdict, exitCode: code, signal, memoryBytes: memory, runMs: times.run, printed });
}

/** Over its cap, output is cut; otherwise some is lost only if the page took it too slowly. */
function lossOf({ verdict, truncated }: Exit): string | null {
  const isLost = verdict !== 'output' && (truncated.stdout || truncated.stderr);
  return isLost ? 'Some of its output is missing: this page could not take it in time.' : null;
}

/** Why there is no result, in words that help. */
function problemOf(outcome: Exclude<Outcome, { type: 'exit' }>): string {
  if ('message' in outcome) return outcome.message;
  const started = 'started' in outcome && outcome.started;
  return {
    unreachable: 'The server cannot be reached. Are you online, and is it running?',
    blocked: 'Something between you and the server lets no WebSocket through.',
    lost: started
      ? 'The connection to the server was lost, and the program was ended with it.'
      : 'The connection to the server was lost before the program started.',
    abandoned: started
      ? 'Stopped by you. The server did not say what became of the program.'
      : 'Stopped before it started.',
  }[outcome.type];
}
