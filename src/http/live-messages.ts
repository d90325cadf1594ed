import { z } from 'zod';
import type { Limits } from '../run/limits.ts';
import { programSignals } from '../run/runner.ts';
import { runEnding } from './execute-answer.ts';
import { executeBody } from './execute-body.ts';

const stage = z.literal('run');

const liveError = z.object({
  type: z.literal('error'),
  message: z.string(),
  requestId: z.string(),
  retryAfterSeconds: z.int().optional().describe('When the same may succeed'),
});

/** What a live run tells, in this order: runtime, stage, data as often as there is some, exit; error instead of what is left. */
export const liveMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('runtime'), language: z.string(), version: z.string() }),
  z.object({ type: z.literal('stage'), stage }),
  z.object({ type: z.literal('data'), stream: z.enum(['stdout', 'stderr']), data: z.string() }),
  runEnding.extend({ type: z.literal('exit'), stage }),
  liveError,
]);

export type LiveMessage = z.output<typeof liveMessage>;
export type LiveError = z.output<typeof liveError>;

export type LiveRequest = z.input<ReturnType<typeof liveRequest>>;

/** What a client says on a WebSocket, `init` first. */
export function liveRequest(limits: Limits) {
  return z.discriminatedUnion('type', [
    executeBody(limits).extend({ type: z.literal('init') }),
    z.object({ type: z.literal('data'), stream: z.literal('stdin'), data: z.string() }),
    z.object({ type: z.literal('eof') }),
    z.object({ type: z.literal('signal'), signal: z.enum(programSignals) }),
  ]);
}
