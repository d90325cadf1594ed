import type { RunRequest } from '../run/request.ts';
import type { RunResult } from '../run/result.ts';
import type { Runner, RunningProgram } from '../run/runner.ts';
import type { Runtime } from '../run/runtimes.ts';
import { toRunEnding } from './execute-answer.ts';
import type { LiveMessage } from './live-messages.ts';

export interface LiveRunOptions {
  readonly runner: Runner;
  readonly request: RunRequest;
  readonly runtime: Runtime;
  readonly signal: AbortSignal;
  /** A promise holds the program's output back. */
  readonly send: (message: LiveMessage) => void | Promise<void>;
  readonly onStart: (program: RunningProgram) => void;
  /** Tell the runtime while the program still waits for its turn, not only when it starts. */
  readonly greet: boolean;
}

/**
 * Runs a program and tells of it while it runs. The one source of live messages: WebSocket and event stream differ only
 * in `send`. Rejects as `Runner.run` does, for whoever calls to turn into an error.
 */
export async function runLive({
  runner,
  request,
  runtime,
  signal,
  send,
  onStart,
  greet,
}: LiveRunOptions): Promise<RunResult> {
  const greeting: LiveMessage[] = [
    { type: 'runtime', language: runtime.language, version: runtime.version },
    { type: 'stage', stage: 'run' },
  ];
  const tell = (count: number) => greeting.splice(0, count).forEach((message) => void send(message));
  if (greet) tell(1);
  const result = await runner.run(request, {
    signal,
    onOutput: ({ stream, text }) => send({ type: 'data', stream, data: text }),
    onStart(program) {
      tell(greeting.length);
      onStart(program);
    },
  });
  tell(greeting.length); // a program that never came to run has its exit all the same
  // Not awaited: a reader who never takes it is for the transport to give up on.
  void send({ type: 'exit', stage: 'run', ...toRunEnding(result) });
  return result;
}
