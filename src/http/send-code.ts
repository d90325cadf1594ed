import { isUtf8 } from 'node:buffer';
import bodyParser from 'body-parser';
import { type Request, type Response, Router } from 'express';
import createError from 'http-errors';
import type { Limits } from '../run/limits.ts';
import { parseRunRequest } from '../run/request.ts';
import { outputText, type RunResult } from '../run/result.ts';
import { BadRequestError, type Runner } from '../run/runner.ts';
import { answerKindFor } from './answer-kind.ts';
import { callerLeft } from './caller-left.ts';
import { keepTyped, renderPage, typedIn } from './editor.ts';
import { toExecuteAnswer } from './execute-answer.ts';
import { logRun } from './request-log.ts';
import { requireSameSite } from './same-site.ts';

export interface SendCodeOptions {
  readonly runner: Runner;
  readonly limits: Limits;
  readonly bodyBytes: number;
  readonly allowedOrigins: readonly string[];
}

const FORM = 'application/x-www-form-urlencoded';
const BARE_PROGRAM = ['text/x-python', 'text/plain'];

/** `POST /send_code`: a form, or the program as the bare body. */
export function sendCodeRoutes({ runner, limits, bodyBytes, allowedOrigins }: SendCodeOptions): Router {
  const router = Router();
  router.post(
    '/send_code',
    requireSameSite(allowedOrigins),
    bodyParser.urlencoded({ extended: false, limit: bodyBytes, verify: noteBrokenForm }),
    bodyParser.text({ type: BARE_PROGRAM, limit: bodyBytes, verify: noteBrokenText }),
    async (req, res) => {
      if (req.is([FORM, ...BARE_PROGRAM]) === false) {
        throw createError(415, `Send a form (${FORM}) or the bare program as ${BARE_PROGRAM.join(' or ')}`);
      }
      const body = (req.body ?? {}) as string | object;
      const fields = typeof body === 'string' ? { source_code: body } : body;
      keepTyped(res, fields);
      if (res.locals['broken']) throw new BadRequestError(String(res.locals['broken']));
      const result = await runner.run(parseRunRequest(fields, limits), { signal: callerLeft(res) });
      logRun(res, result);
      sendResult(req, res, result);
    },
  );
  return router;
}

// The parsers replace what they cannot decode without a word. We refuse it, but only after parsing: the page is to keep
// what can be read of the text.

function noteBrokenForm(_req: unknown, res: unknown, body: Buffer): void {
  try {
    if (!isUtf8(body)) throw new URIError();
    decodeURIComponent(body.toString());
  } catch {
    noteBroken(res, 'The form is not percent-encoded UTF-8');
  }
}

function noteBrokenText(_req: unknown, res: unknown, body: Buffer, charset: string): void {
  if (charset === 'utf-8' && !isUtf8(body)) noteBroken(res, 'source_code is not UTF-8');
}

function noteBroken(res: unknown, message: string): void {
  (res as Response).locals['broken'] = message;
}

function sendResult(req: Request, res: Response, result: RunResult): void {
  res.set('X-Run-Verdict', result.verdict);
  if (result.exitCode !== null) res.set('X-Run-Exit-Code', String(result.exitCode));
  res.set('X-Run-Time-Ms', String(Math.round(result.times.runMs)));
  const kind = answerKindFor(req);
  if (kind === 'page') renderPage(res, { ...typedIn(res), result });
  else if (kind === 'json') res.json(toExecuteAnswer(result));
  else res.type('text/plain').send(plainAnswer(result));
}

/** As the 2016 prototype answered; a program that was stopped adds one last line which says why. */
function plainAnswer({ output, limit, message }: RunResult): string {
  return [`From docker: ${outputText(output).trim()}`, ...(limit ? [message] : [])].join('\n');
}
