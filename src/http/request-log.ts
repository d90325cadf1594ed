import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import type { RunResult } from '../run/result.ts';

/** What a request's log line says of its run; never the program or its output. */
export function logRun(res: Response, { id, verdict, times }: RunResult): void {
  res.locals['run'] = { id, verdict, ...times };
}

const isWebSocket = (res: ServerResponse) => res.statusCode === 101;

/** One line for each request, with an id that errors repeat to the caller. */
export function requestLog(logger: Logger) {
  return pinoHttp({
    logger,
    genReqId(_req, res) {
      const id = randomUUID();
      res.setHeader('X-Request-Id', id);
      return id;
    },
    // The query and the headers may hold what is nobody's business.
    serializers: {
      req: ({ id, method, url, remoteAddress }: IncomingMessage & { id: string; remoteAddress: string }) => ({
        id,
        method,
        path: url?.split('?', 1)[0],
        remoteAddress,
      }),
      // Without headers sent there is no status yet, but for a WebSocket, whose handshake was not ours to send.
      res: ({ statusCode, raw }: { statusCode: number | null; raw: ServerResponse }) => ({
        statusCode: isWebSocket(raw) ? 101 : statusCode,
      }),
    },
    customProps: (_req, res) => {
      const { run } = (res as Response).locals ?? {};
      return run === undefined ? {} : { run: run as object };
    },
    customLogLevel: (_req, res, error) => ((error ?? res.err ?? res.statusCode >= 500) ? 'error' : 'info'),
    customSuccessMessage: (_req, res) =>
      res.writableEnded || isWebSocket(res) ? 'request completed' : 'request aborted',
    autoLogging: { ignore: ({ url }) => url === '/healthz' || url === '/readyz' },
  });
}
