import type { Program } from './program.ts';
import { stored } from './stored.ts';

/** What is typed is kept once the user pauses for so long. */
const PAUSE_MS = 300;

export interface Draft {
  /** What was typed before the reload, or else on an earlier visit; null if there is nothing. */
  readonly read: () => Program | null;
  /** The text has changed. */
  readonly changed: () => void;
  readonly forget: () => void;
  /** The program is about to give way to another: it is to be had again by `readEarlier`. */
  readonly setAside: (program: Program) => void;
  readonly readEarlier: () => Program | null;
}

/** Keeps what is typed in the browser: for this tab, so that two do not get in each other's way, and for the next visit. */
export function createDraft(current: () => Program): Draft {
  const [here, anywhere] = [stored('program', 'sessionStorage'), stored('program')];
  const earlier = stored('earlier');
  let timer: number | null = null;

  function save(): void {
    if (timer === null) return;
    forgetTimer();
    const text = JSON.stringify(current());
    for (const kept of [here, anywhere]) kept.write(text);
  }

  function forgetTimer(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  window.addEventListener('pagehide', save);
  return {
    read: () => parse(here.read()) ?? parse(anywhere.read()),
    changed() {
      forgetTimer();
      timer = window.setTimeout(save, PAUSE_MS);
    },
    forget() {
      forgetTimer();
      for (const kept of [here, anywhere]) kept.write(null);
    },
    setAside(program) {
      save();
      earlier.write(JSON.stringify(program));
    },
    readEarlier: () => parse(earlier.read()),
  };
}

function parse(text: string | null): Program | null {
  try {
    const { source, stdin } = JSON.parse(text ?? 'null') as Record<keyof Program, unknown>;
    return typeof source === 'string' && typeof stdin === 'string' ? { source, stdin } : null;
  } catch {
    return null; // nothing, or not ours
  }
}
