import { isSame, type Program } from './program.ts';
import { stored } from './stored.ts';

/** What is typed is kept once the user pauses for so long. */
const PAUSE_MS = 300;
/** How many programs that gave way are kept, and of what length together, in UTF-16 units: browsers keep 5 million. */
const MAX_EARLIER = 5;
const MAX_EARLIER_LENGTH = 3_000_000;

export interface Draft {
  /** What was typed before the reload, or else on an earlier visit; null if there is nothing. */
  readonly read: () => Program | null;
  /** The text has changed. */
  readonly changed: () => void;
  readonly forget: () => void;
  /** The program is about to give way to another: it is to be had again. */
  readonly setAside: (program: Program) => void;
  readonly hasEarlier: () => boolean;
  /** The program that gave way last. The one that it takes the place of, if that is any good, comes behind the others. */
  readonly takeEarlier: (current: Program | null) => Program | null;
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

  function writeEarlier(programs: readonly Program[]): void {
    let length = 0;
    const fitting = programs.slice(0, MAX_EARLIER).filter(({ source, stdin }, at) => {
      length += source.length + stdin.length;
      return at === 0 || length <= MAX_EARLIER_LENGTH;
    });
    earlier.write(JSON.stringify(fitting));
  }

  function forgetTimer(): void {
    if (timer !== null) clearTimeout(timer);
    timer = null;
  }

  window.addEventListener('pagehide', save);
  return {
    read: () => parseProgram(here.read()) ?? parseProgram(anywhere.read()),
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
      writeEarlier([program, ...readEarlier().filter((other) => !isSame(program, other))]);
    },
    hasEarlier: () => readEarlier().length > 0,
    takeEarlier(program) {
      const [first, ...others] = readEarlier();
      if (first) writeEarlier(program ? [...others, program] : others);
      return first ?? null;
    },
  };

  function readEarlier(): Program[] {
    const programs = parse(earlier.read());
    return Array.isArray(programs) ? programs.filter(isProgram) : [];
  }
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null; // not ours
  }
}

function parseProgram(text: string | null): Program | null {
  const program = parse(text);
  return isProgram(program) ? program : null;
}

function isProgram(value: unknown): value is Program {
  const { source, stdin } = (value ?? {}) as Partial<Record<keyof Program, unknown>>;
  return typeof source === 'string' && typeof stdin === 'string';
}
