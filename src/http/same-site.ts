import type { Request, RequestHandler } from 'express';
import createError from 'http-errors';

/** Refuses what a page of another site makes a browser send, unless that site is allowed. */
export function requireSameSite(allowedOrigins: readonly string[]): RequestHandler {
  return (req, _res, next) => next(isFromElsewhere(req, allowedOrigins) ? refusal() : undefined);
}

const refusal = () => createError(403, 'Posting from another site is not allowed here; see ALLOWED_ORIGINS');

/**
 * `Sec-Fetch-Site` is sent by browsers to HTTPS and localhost only, `Origin` with every post. Neither: no browser.
 * Hosts are compared, not schemes, as TLS may end before us; our own name is what a trusted proxy says it is.
 */
function isFromElsewhere(req: Request, allowedOrigins: readonly string[]): boolean {
  const origin = req.get('Origin');
  if (origin !== undefined && allowedOrigins.includes(origin)) return false;
  if (req.get('Sec-Fetch-Site') === 'cross-site') return true;
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== req.host);
}
