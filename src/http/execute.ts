import { type Request, type Response, Router } from 'express';
import type { Limits } from '../run/limits.ts';
import type { Runner, RunningProgram } from '../run/runner.ts';
import type { Runtime } from '../run/runtimes.ts';
import { callerLeft } from './caller-left.ts';
import { toLiveError } from './error-handler.ts';
import { createEventStream } from './event-stream.ts';
import { toExecuteAnswer } from './execute-answer.ts';
import { executeBody, parseExecuteBody } from './execute-body.ts';
import { jsonOf, readJson } from './json-body.ts';
import { runLive } from './live-run.ts';
import { logRun } from './request-log.ts';
import type { Guards } from './guards.ts';

export interface ExecuteOptions {
  readonly runner: Runner;
  /** What can be run, as the image itself tells. */
  readonly runtimes: () => Promise<readonly Runtime[]>;
  readonly limits: Limits;
  readonly bodyBytes: number;
}

/** `GET /runtimes` and `POST /execute`. */
export function executeRoutes(options: ExecuteOptions, guards: Guards): Router {
  const { runner, runtimes, limits, bodyBytes } = options;
  const schema = executeBody(limits);
  const router = Router();

  router.get('/runtimes', async (_req, res) => {
    res.json(await runtimes());
  });

  router.post('/execute', guards.sameSite, guards.rate, ...readJson(bodyBytes), async (req, res) => {
    const parsed = parseExecuteBody(jsonOf(req), schema, await runtimes(), limits);
    if (wantsEvents(req)) return sendEvents(res, parsed);
    const result = await runner.run(parsed.request, { signal: callerLeft(res) });
    logRun(res, result);
    res.json(toExecuteAnswer(result));
  });

  async function sendEvents(res: Response, parsed: ReturnType<typeof parseExecuteBody>): Promise<void> {
    const send = createEventStream(res);
    const onStart = (program: RunningProgram) => program.endInput();
    try {
      // Not to greet leaves a refusal its status: it is sent before anything else.
      const signal = callerLeft(res);
      const result = await runLive({ runner, ...parsed, signal, send, onStart, greet: false });
      logRun(res, result);
    } catch (error) {
      if (!res.headersSent) throw error;
      void send(toLiveError(error, res, bodyBytes));
    }
    res.end();
  }

  return router;
}

function wantsEvents(req: Request): boolean {
  return req.accepts(['application/json', 'text/event-stream']) === 'text/event-stream';
}
