import { randomBytes } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import helmet from 'helmet';

/** Whether the page is asked for as a part of another page, `/?embed=1`, or answers what was sent from there. */
export const isEmbedded = (req: Request) =>
  req.query['embed'] === '1' && ['/', '/send_code'].includes(req.path);

const nonceOf = (res: Response) => res.locals['styleNonce'] as string;

/**
 * The security headers of every answer. Scripts come from here and nowhere else, text never becomes markup by way of a
 * script (Trusted Types), and only the embedded page may stand in a frame, on the allowed origins.
 */
export function pagePolicy(allowedOrigins: readonly string[]): RequestHandler[] {
  const framers = allowedOrigins.join(' ') || "'none'";
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // CodeMirror writes its styles into the page; `views/index.ejs` hands it the nonce.
        styleSrc: ["'self'", (_req, res) => `'nonce-${nonceOf(res as Response)}'`],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: [(req) => (isEmbedded(req as Request) ? framers : "'none'")],
        requireTrustedTypesFor: ["'script'"],
        trustedTypes: ["'none'"],
      },
    },
    // With `no-referrer` browsers post our own form with `Origin: null`, which cannot be told from a stranger's.
    referrerPolicy: { policy: 'same-origin' },
    // Whether this name is to be had by HTTPS only is for whoever terminates TLS to say.
    strictTransportSecurity: false,
    xFrameOptions: { action: 'deny' },
  });
  return [makeNonce, headers, allowFrames];
}

const makeNonce: RequestHandler = (_req, res, next) => {
  res.locals['styleNonce'] = randomBytes(16).toString('base64');
  next();
};

/** `X-Frame-Options` cannot name origins; for those who know it alone, `frame-ancestors` of the policy has no say. */
const allowFrames: RequestHandler = (req, res, next) => {
  if (isEmbedded(req)) res.removeHeader('X-Frame-Options');
  next();
};
