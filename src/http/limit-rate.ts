import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import createError from 'http-errors';

const MINUTE_MS = 60_000;

/** Refuses more than `perMinute` requests from one client address; 0 refuses none. */
export function limitRate(perMinute: number): RequestHandler {
  if (perMinute === 0) return (_req, _res, next) => next();
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    handler: (_req, _res, next) =>
      next(createError(429, `At most ${perMinute} runs a minute from one address`)),
  });
}
