import type { Response } from 'express';
import type { LiveMessage } from './live-messages.ts';

/**
 * Sends messages as an event stream (HTML Standard, "Server-sent events"), one JSON object an event. Nothing is sent,
 * not even the headers, before the first message, so that an error before it is an ordinary answer.
 * The promise is pending while the reader is slow.
 */
export function createEventStream(res: Response): (message: LiveMessage) => void | Promise<void> {
  return (message) => {
    if (!res.headersSent) {
      res.set('Content-Type', 'text/event-stream; charset=utf-8');
      // no-transform: a proxy that compresses would wait for more to compress. X-Accel-Buffering: nginx would as well.
      res.set({ 'Cache-Control': 'no-store, no-transform', 'X-Accel-Buffering': 'no' });
    }
    const taken = res.write(`data: ${JSON.stringify(message)}\n\n`);
    return taken ? undefined : readerReady(res);
  };
}

function readerReady(res: Response): Promise<void> {
  return new Promise((resolve) => {
    const ready = () => {
      res.off('drain', ready);
      res.off('close', ready);
      resolve();
    };
    res.on('drain', ready);
    res.on('close', ready);
  });
}
