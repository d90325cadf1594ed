import type { Response } from 'express';

/** A signal that is aborted when the connection closes before the answer is complete. */
export function callerLeft(res: Response): AbortSignal {
  const controller = new AbortController();
  const left = () => {
    if (!res.writableFinished) controller.abort(new Error('The caller went away'));
  };
  if (res.destroyed) left();
  else res.once('close', left);
  return controller.signal;
}
