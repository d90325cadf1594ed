import { z } from 'zod';
import { BadRequestError, programSignals, type RunningProgram } from '../run/runner.ts';
import { parseJson } from './json-body.ts';
import type { LiveMessage } from './live-messages.ts';

/** Piston's (engineer-man/piston, docs/api-v2.md, "Close Codes"). */
export const closings = {
  alreadyInitialized: [4000, 'Already Initialized'],
  initTimeout: [4001, 'Initialization Timeout'],
  errorSent: [4002, 'Notified Error'],
  notYetInitialized: [4003, 'Not yet initialized'],
  stdinOnly: [4004, 'Can only write to stdin'],
  invalidSignal: [4005, 'Invalid signal'],
  completed: [4999, 'Job Completed'],
} as const satisfies Record<string, readonly [code: number, reason: string]>;

export type Closing = keyof typeof closings;

/** The one who is talked to. */
export interface Peer {
  /** A promise is pending while it reads too slowly. */
  readonly send: (message: LiveMessage) => void | Promise<void>;
  /** Nothing is to be sent or expected after it. */
  readonly close: (closing: Closing) => void;
}

export interface ConversationOptions {
  readonly peer: Peer;
  /**
   * Runs what the init message asks for, telling the peer of it; resolves when all that there is to tell has been handed over.
   * @throws for a mistake in the message and for what `Runner.run` throws.
   */
  readonly run: (init: object, onStart: (program: RunningProgram) => void) => Promise<void>;
  readonly errorMessage: (error: unknown) => LiveMessage;
  /** What may be typed altogether, the stdin of the init message not counted. */
  readonly stdinBytes: number;
}

export interface Conversation {
  receive(text: string): void;
  /** The peer is gone. */
  end(): void;
}

const INIT_TIMEOUT_MS = 1000;

const message = z.looseObject(
  { type: z.enum(['init', 'data', 'eof', 'signal'], { error: 'must be one of init, data, eof, signal' }) },
  { error: 'must be a JSON object' },
);
type Message = z.output<typeof message>;

/** Speaks Piston's live protocol with one peer, about one program. */
export function createConversation(options: ConversationOptions): Conversation {
  const { peer, run, errorMessage, stdinBytes } = options;
  const initTimer = setTimeout(() => close('initTimeout'), INIT_TIMEOUT_MS);
  let initialized = false;
  let closed = false;
  let program: RunningProgram | undefined;
  let typedBytes = 0;
  // What is said before the program runs; `typedBytes` bounds it.
  const early = { text: '', ended: false, signals: new Set<(typeof programSignals)[number]>() };

  function close(closing: Closing): void {
    if (closed) return;
    end();
    peer.close(closing);
  }

  function end(): void {
    closed = true;
    clearTimeout(initTimer);
  }

  function fail(error: unknown): void {
    if (closed) return;
    void peer.send(errorMessage(error));
    close('errorSent');
  }

  async function init(body: Message): Promise<void> {
    if (initialized) return close('alreadyInitialized');
    initialized = true;
    clearTimeout(initTimer);
    try {
      await run(body, start);
      close('completed');
    } catch (error) {
      fail(error);
    }
  }

  function start(started: RunningProgram): void {
    program = started;
    if (early.text !== '') program.write(early.text);
    if (early.ended) program.endInput();
    for (const signal of early.signals) program.signal(signal);
  }

  const handlers = {
    init: (body) => void init(body),
    data({ stream, data }) {
      if (stream !== 'stdin') return close('stdinOnly');
      if (typeof data !== 'string') throw new BadRequestError('data must be text');
      if (!data.isWellFormed()) throw new BadRequestError('data is not valid Unicode');
      typedBytes += Buffer.byteLength(data);
      if (typedBytes > stdinBytes) {
        throw new BadRequestError(`stdin is too large: the limit is ${stdinBytes} bytes`, { tooLarge: true });
      }
      if (program) program.write(data);
      else if (!early.ended) early.text += data;
    },
    eof() {
      if (program) program.endInput();
      else early.ended = true;
    },
    signal({ signal }) {
      const name = programSignals.find((known) => known === signal);
      if (name === undefined) return close('invalidSignal');
      if (program) program.signal(name);
      else early.signals.add(name);
    },
  } as const satisfies Record<Message['type'], (body: Message) => void>;

  return {
    receive(text) {
      if (closed) return;
      try {
        const received = message.safeParse(parseJson(text, 'The message'));
        if (!initialized && (!received.success || received.data.type !== 'init')) {
          return close('notYetInitialized');
        }
        if (!received.success) {
          const [issue] = received.error.issues;
          throw new BadRequestError(`${issue?.path.join('.') || 'The message'} ${issue?.message}`);
        }
        handlers[received.data.type](received.data);
      } catch (error) {
        fail(error);
      }
    },
    end,
  };
}
