import type { Response } from 'express';

/** A signal that is aborted when the connection closes before the answer is complete. */
export function callerLeft(res: Response): AbortSignal {
  const controller = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) controller.abort(new Error('The caller went away'));
  });
  return controller.signal;
}
