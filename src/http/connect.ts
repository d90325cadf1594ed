import { type Response, Router } from 'express';
import createError from 'http-errors';
import { type WebSocket, WebSocketServer } from 'ws';
import { closings, createConversation, type Peer } from './conversation.ts';
import { toLiveError } from './error-handler.ts';
import type { ExecuteOptions } from './execute.ts';
import { executeBody, parseExecuteBody } from './execute-body.ts';
import { runLive } from './live-run.ts';
import { logRun } from './request-log.ts';
import type { Guards } from './guards.ts';
import { upgradeOf } from './upgrade.ts';

/** What may wait to be sent to a reader before the program is held up. */
const MAX_BUFFERED_BYTES = 64 * 1024;

/** `GET /connect`, as a WebSocket. */
export function connectRoutes(options: ExecuteOptions, guards: Guards): Router {
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: options.bodyBytes,
    perMessageDeflate: false,
    clientTracking: false,
  });
  const converse = createConverse(options);
  const router = Router();
  router.get('/connect', guards.sameSite, guards.rate, (req, res) => {
    const head = upgradeOf(req);
    if (!head) {
      res.set('Upgrade', 'websocket');
      throw createError(426, 'Connect by WebSocket');
    }
    webSockets.handleUpgrade(req, req.socket, head, (socket) => {
      res.statusCode = 101; // for the log: the handshake itself has been answered
      converse(socket, res);
    });
  });
  return router;
}

function createConverse({ runner, runtimes, limits, bodyBytes }: ExecuteOptions) {
  const schema = executeBody(limits);
  return (socket: WebSocket, res: Response): void => {
    const left = new AbortController();
    const peer = createPeer(socket, () => left.abort(new Error('The conversation is over')));
    const conversation = createConversation({
      peer,
      stdinBytes: limits.stdinBytes,
      errorMessage: (error) => toLiveError(error, res, bodyBytes),
      async run(init, onStart) {
        const parsed = parseExecuteBody(init, schema, await runtimes(), limits);
        const result = await runLive({
          runner,
          ...parsed,
          signal: left.signal,
          send: peer.send,
          onStart,
          greet: true,
        });
        logRun(res, result);
      },
    });
    socket.on('message', (data) => conversation.receive((data as Buffer).toString()));
    // Broken frames and oversize ones: ws closes with the code that belongs to them.
    socket.on('error', () => left.abort(new Error('The caller broke the protocol')));
    socket.on('close', () => {
      conversation.end();
      left.abort(new Error('The caller went away'));
    });
  };
}

function createPeer(socket: WebSocket, onClose: () => void): Peer {
  return {
    send(message) {
      if (socket.readyState !== socket.OPEN) return;
      const text = JSON.stringify(message);
      if (socket.bufferedAmount < MAX_BUFFERED_BYTES) return socket.send(text);
      return new Promise((resolve) => socket.send(text, () => resolve()));
    },
    close(closing) {
      const [code, reason] = closings[closing];
      socket.close(code, reason);
      onClose(); // at once: the handshake of closing is the peer's to delay
    },
  };
}
