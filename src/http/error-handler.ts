import type { ErrorRequestHandler, Response } from 'express';
import { z } from 'zod';
import { BadRequestError, BusyError, SandboxUnavailableError } from '../run/runner.ts';
import { answerKindFor } from './answer-kind.ts';
import { renderPage } from './editor.ts';
import type { LiveError } from './live-messages.ts';

/** The body of an answer that is an error. */
export const errorBody = z.object({ message: z.string(), requestId: z.string() });

interface Problem {
  readonly status: number;
  readonly message: string;
  readonly retryAfterSeconds?: number;
}

/** How long a caller should wait for an engine that does not answer. */
const ENGINE_RETRY_SECONDS = 5;

/** The one place that turns an error into a status and into words that may leave the house. */
export function problemFor(error: unknown, bodyBytes: number): Problem {
  if (error instanceof BadRequestError) return { status: error.tooLarge ? 413 : 400, message: error.message };
  if (error instanceof BusyError) {
    return { status: 503, message: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof SandboxUnavailableError) {
    return { status: 503, message: error.message, retryAfterSeconds: ENGINE_RETRY_SECONDS };
  }
  if (isCallersFault(error)) {
    const tooLarge = error.type === 'entity.too.large';
    return {
      status: error.status,
      message: tooLarge ? `The body is over its limit of ${bodyBytes} bytes` : error.message,
    };
  }
  return { status: 500, message: 'Something went wrong here; it is not your fault' };
}

/** As Express, its parsers and http-errors mark what went wrong with a request: a status, and sometimes a type. */
function isCallersFault(error: unknown): error is Error & { status: number; type?: string } {
  return (
    error instanceof Error && 'status' in error && Number(error.status) >= 400 && Number(error.status) < 500
  );
}

/** The log has the error itself, if it is not the caller's. */
function noteForLog(res: Response, error: unknown, { status }: Problem): void {
  if (status >= 500) res.err = error instanceof Error ? error : new Error(String(error));
}

/** For a caller to whom a live run is being told already: the same words, as a message. */
export function toLiveError(error: unknown, res: Response, bodyBytes: number): LiveError {
  const problem = problemFor(error, bodyBytes);
  noteForLog(res, error, problem);
  const { message, retryAfterSeconds } = problem;
  return {
    type: 'error',
    message,
    requestId: String(res.get('X-Request-Id')),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** Answers in the form that the caller reads. */
export function createErrorHandler({ bodyBytes }: { readonly bodyBytes: number }): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return (error: unknown, req, res, _next) => {
    const problem = problemFor(error, bodyBytes);
    noteForLog(res, error, problem);
    if (res.headersSent) {
      req.socket.destroy();
      return;
    }
    if (res.destroyed) return; // the caller went away: nobody to tell
    res.status(problem.status);
    if (problem.retryAfterSeconds !== undefined) res.set('Retry-After', String(problem.retryAfterSeconds));
    const kind = answerKindFor(req);
    if (kind === 'page') renderPage(res, { error: problem.message });
    else if (kind === 'json') res.json({ message: problem.message, requestId: res.get('X-Request-Id') });
    else res.type('text/plain').send(`${problem.message}\n`);
  };
}
