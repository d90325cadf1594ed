import { isUtf8 } from 'node:buffer';
import bodyParser from 'body-parser';
import type { RequestHandler, Response } from 'express';
import createError from 'http-errors';
import { BadRequestError } from '../run/runner.ts';

const FORM = 'application/x-www-form-urlencoded';
const BARE_PROGRAM = ['text/x-python', 'text/plain'];

/** Reads a program sent as a form or as the bare body; `fieldsOf` has it from then on. */
export function readProgram(bodyBytes: number): RequestHandler[] {
  return [
    bodyParser.urlencoded({ extended: false, limit: bodyBytes, verify: noteBrokenForm }),
    bodyParser.text({ type: BARE_PROGRAM, limit: bodyBytes, verify: noteBrokenText }),
    keepFields,
  ];
}

/** The fields that were sent, as unknown input; what is refused later is still there to be shown again. */
export function fieldsOf(res: Response): Readonly<Record<string, unknown>> {
  return (res.locals['fields'] ?? {}) as Record<string, unknown>;
}

const keepFields: RequestHandler = (req, res, next) => {
  if (req.is([FORM, ...BARE_PROGRAM]) === false) {
    throw createError(415, `Send a form (${FORM}) or the bare program as ${BARE_PROGRAM.join(' or ')}`);
  }
  const body = (req.body ?? {}) as string | object;
  res.locals['fields'] = typeof body === 'string' ? { source_code: body } : withPlainLineBreaks(body);
  if (res.locals['problem'] !== undefined) throw res.locals['problem'] as Error;
  next();
};

/** Browsers send each line break of a text area as CRLF, which nobody typed: `input()` would return the CR as well. */
function withPlainLineBreaks(form: object): object {
  const plain = (value: unknown) => (typeof value === 'string' ? value.replaceAll('\r\n', '\n') : value);
  return Object.fromEntries(Object.entries(form).map(([name, value]) => [name, plain(value)]));
}

// The parsers replace what they cannot decode without a word. We refuse it, but only after parsing: the page is to keep
// what can be read of the text.

function noteBrokenForm(_req: unknown, res: unknown, body: Buffer, charset: string): void {
  try {
    if (!isUtf8(body)) throw new URIError();
    decodeURIComponent(body.toString());
  } catch {
    noteProblem(res, new BadRequestError('The form is not percent-encoded UTF-8'));
  }
  noteCharset(res, charset);
}

function noteBrokenText(_req: unknown, res: unknown, body: Buffer, charset: string): void {
  if (!isUtf8(body)) noteProblem(res, new BadRequestError('source_code is not UTF-8'));
  noteCharset(res, charset);
}

function noteCharset(res: unknown, charset: string): void {
  if (!/^utf-?8$/i.test(charset)) noteProblem(res, createError(415, `Send UTF-8, not ${charset}`));
}

function noteProblem(res: unknown, problem: Error): void {
  (res as Response).locals['problem'] = problem;
}
