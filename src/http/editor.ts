import { type Response, Router } from 'express';
import type { OutputChunk, RunResult } from '../run/result.ts';
import { summaryOf } from '../run/wording.ts';
import { fieldsOf } from './program-body.ts';

export const exampleProgram = `def fizzbuzz(n):
    for i in range(1, n + 1):
        yield "Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or str(i)


print(*fizzbuzz(15), sep="\\n")
`;

// The box is as high as its program, within reason: what a run prints is to be seen without scrolling.
const MIN_ROWS = 10;
const MAX_ROWS = 24;

/** What became of what was sent. */
export interface Page {
  readonly result?: RunResult;
  readonly error?: string;
}

/**
 * Renders the editor page, with the texts that were sent if any were. EJS escapes every value; nothing that a program
 * wrote is ever markup.
 */
export function renderPage(res: Response, { result, error }: Page = {}): void {
  const { source_code, stdin } = fieldsOf(res);
  const source = textOrNothing(res.req.method === 'GET' ? exampleProgram : source_code);
  res.render('index', {
    source,
    rows: Math.min(Math.max(source.split('\n').length + 2, MIN_ROWS), MAX_ROWS),
    stdin: textOrNothing(stdin),
    error,
    result: result && {
      summary: summaryOf({ ...result, runMs: result.times.runMs, printed: result.output.length > 0 }),
      verdict: result.verdict,
      message: result.message,
      output: result.output satisfies readonly OutputChunk[],
    },
  });
}

/** What is not text (a field sent twice, say) cannot be shown again. */
const textOrNothing = (value: unknown) => (typeof value === 'string' ? value : '');

export function editorRoutes(): Router {
  const router = Router();
  router.get('/', (_req, res) => renderPage(res));
  return router;
}
