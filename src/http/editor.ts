import { type Response, Router } from 'express';
import type { OutputChunk, RunResult } from '../run/result.ts';
import { summaryOf } from '../run/wording.ts';
import { exampleNamed, examples } from './examples.ts';
import { isEmbedded } from './page-policy.ts';
import { fieldsOf } from './program-body.ts';

// Without a script the box is as high as its program, within reason: what a run prints is to be seen without scrolling.
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
  const { req } = res;
  const isNew = req.method === 'GET';
  const { source_code, stdin } = fieldsOf(res);
  const source = textOrNothing(isNew ? exampleNamed(req.query['example']).source : source_code);
  res.render('index', {
    source,
    rows: Math.min(Math.max(source.split('\n').length + 2, MIN_ROWS), MAX_ROWS),
    stdin: textOrNothing(stdin),
    examples,
    isEmbedded: isEmbedded(req),
    // What was typed before may take the place of an example that nobody asked for, and of a program that was refused
    // before it was read; of nothing else.
    mayRestore: isNew ? req.query['example'] === undefined : source_code === undefined,
    error,
    result: result && {
      summary: summaryOf({ ...result, runMs: result.times.runMs, printed: result.output.length > 0 }),
      verdict: result.verdict,
      message: result.message,
      output: result.output.flatMap(piecesOf),
    },
  });
}

/** stderr has a bar beside it (src/client/style/result.css) from the first line on that is wholly its own. */
function piecesOf({ stream, text }: OutputChunk, at: number, chunks: readonly OutputChunk[]) {
  const isAmidLine = at > 0 && !chunks[at - 1]?.text.endsWith('\n');
  const lineEnd = text.indexOf('\n') + 1;
  if (!isAmidLine || lineEnd === 0 || stream === 'stdout') return [{ stream, text, isAmidLine }];
  const pieces = [
    { stream, text: text.slice(0, lineEnd), isAmidLine },
    { stream, text: text.slice(lineEnd), isAmidLine: false },
  ];
  return pieces.filter((piece) => piece.text !== '');
}

/** What is not text (a field sent twice, say) cannot be shown again. */
const textOrNothing = (value: unknown) => (typeof value === 'string' ? value : '');

export function editorRoutes(): Router {
  const router = Router();
  router.get('/', (_req, res) => renderPage(res));
  return router;
}
