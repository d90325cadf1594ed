import { type Response, Router } from 'express';
import type { OutputChunk, RunResult } from '../run/result.ts';
import { summaryOf } from '../run/wording.ts';

export const exampleProgram = `def fizzbuzz(n):
    for i in range(1, n + 1):
        yield "Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or str(i)


print(*fizzbuzz(15), sep="\\n")
`;

/** What the page shows: the texts as the user typed them, and what became of them. */
export interface Page {
  readonly source: string;
  readonly stdin?: string;
  readonly result?: RunResult;
  readonly error?: string;
}

/** Renders the editor page. EJS escapes every value; nothing that a program wrote is ever markup. */
export function renderPage(res: Response, { source, stdin = '', result, error }: Page): void {
  res.render('index', {
    source,
    stdin,
    error,
    result: result && {
      summary: summaryOf(result),
      verdict: result.verdict,
      message: result.message,
      output: result.output satisfies readonly OutputChunk[],
    },
  });
}

/** Remembers what the user typed, so that the page has it again whatever becomes of the request. */
export function keepTyped(res: Response, fields: object): void {
  res.locals['typed'] = fields;
}

/** What `keepTyped` was given; anything that is not text reads as empty. */
export function typedIn(res: Response): { source: string; stdin: string } {
  const { source_code, stdin } = (res.locals['typed'] ?? {}) as Record<string, unknown>;
  return { source: textOr(source_code), stdin: textOr(stdin) };
}

const textOr = (value: unknown) => (typeof value === 'string' ? value : '');

export function editorRoutes(): Router {
  const router = Router();
  router.get('/', (_req, res) => renderPage(res, { source: exampleProgram }));
  return router;
}
