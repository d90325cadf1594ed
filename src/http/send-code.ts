import { type Request, type Response, Router } from 'express';
import type { Limits } from '../run/limits.ts';
import { parseRunRequest } from '../run/request.ts';
import { outputText, type RunResult } from '../run/result.ts';
import type { Runner } from '../run/runner.ts';
import { answerKindFor } from './answer-kind.ts';
import { callerLeft } from './caller-left.ts';
import { renderPage } from './editor.ts';
import { toExecuteAnswer } from './execute-answer.ts';
import { fieldsOf, readProgram } from './program-body.ts';
import type { Guards } from './guards.ts';
import { logRun } from './request-log.ts';

export interface SendCodeOptions {
  readonly runner: Runner;
  readonly limits: Limits;
  readonly bodyBytes: number;
}

/** `POST /send_code`: a form, or the program as the bare body. */
export function sendCodeRoutes(options: SendCodeOptions, guards: Guards): Router {
  const { runner, limits, bodyBytes } = options;
  const router = Router();
  router.post(
    '/send_code',
    guards.sameSite,
    ...readProgram(bodyBytes), // first, as the page is to keep what is refused
    guards.rate,
    async (req, res) => {
      const request = parseRunRequest(fieldsOf(res), limits);
      const result = await runner.run(request, { signal: callerLeft(res) });
      logRun(res, result);
      sendResult(req, res, result);
    },
  );
  return router;
}

function sendResult(req: Request, res: Response, result: RunResult): void {
  res.set('X-Run-Verdict', result.verdict);
  if (result.exitCode !== null) res.set('X-Run-Exit-Code', String(result.exitCode));
  res.set('X-Run-Time-Ms', String(Math.round(result.times.runMs)));
  const kind = answerKindFor(req);
  if (kind === 'page') renderPage(res, { result });
  else if (kind === 'json') res.json(toExecuteAnswer(result));
  else res.type('text/plain').send(plainAnswer(result));
}

/** As the 2016 prototype answered; a program that was stopped adds one last line which says why. */
function plainAnswer({ output, limit, message }: RunResult): string {
  return [`From docker: ${outputText(output).trim()}`, ...(limit ? [message] : [])].join('\n');
}
