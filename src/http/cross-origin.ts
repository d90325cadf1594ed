import cors from 'cors';
import type { RequestHandler } from 'express';

/** Lets pages of other origins call what follows and read its answers; without any, no header speaks of it. */
export function allowOrigins(allowedOrigins: readonly string[]): RequestHandler {
  if (allowedOrigins.length === 0) return (_req, _res, next) => next();
  return cors({
    origin: [...allowedOrigins],
    methods: ['GET', 'POST'],
    exposedHeaders: ['RateLimit', 'RateLimit-Policy', 'Retry-After', 'X-Request-Id'],
    maxAge: 600,
  });
}
