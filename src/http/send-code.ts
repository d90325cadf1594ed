import { type Request, type Response, Router } from 'express';
import type { Limits } from '../run/limits.ts';
import { parseRunRequest } from '../run/request.ts';
import { outputText, type RunResult } from '../run/result.ts';
import type { Runner } from '../run/runner.ts';
import { answerKindFor } from './answer-kind.ts';
import { callerLeft } from './caller-left.ts';
import { renderPage } from './editor.ts';
import { toExecuteAnswer } from './execute-answer.ts';
import { limitRate } from './limit-rate.ts';
import { fieldsOf, readProgram } from './program-body.ts';
import { logRun } from './request-log.ts';
import { requireSameSite } from './same-site.ts';

export interface SendCodeOptions {
  readonly runner: Runner;
  readonly limits: Limits;
  readonly bodyBytes: number;
  readonly allowedOrigins: readonly string[];
  /** Per client address; 0 is no limit. */
  readonly rateLimitPerMinute: number;
}

/** `POST /send_code`: a form, or the program as the bare body. */
export function sendCodeRoutes(options: SendCodeOptions): Router {
  const { runner, limits, bodyBytes, allowedOrigins, rateLimitPerMinute } = options;
  const router = Router();
  router.post(
    '/send_code',
    requireSameSite(allowedOrigins),
    ...readProgram(bodyBytes),
    limitRate(rateLimitPerMinute),
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
