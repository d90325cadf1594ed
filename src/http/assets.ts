import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RequestHandler } from 'express';
import expressStaticGzip from 'express-static-gzip';

/** Where each built file is to be had, `/built/main-5XK3QZ.js` for `main.js`. */
export type Assets = Readonly<Record<string, string>>;

/**
 * Reads what scripts/bundle.mjs listed in `folder`.
 * @throws when the page has not been built.
 */
export function readAssets(folder: string): Assets {
  try {
    return JSON.parse(readFileSync(join(folder, 'assets.json'), 'utf8')) as Assets;
  } catch (cause) {
    throw new Error('The page has not been built: npm run build', { cause });
  }
}

/** Serves built files, as they were compressed when they were built; a name has the hash of its content in it. */
export function serveAssets(folder: string): RequestHandler {
  return expressStaticGzip(folder, {
    index: false,
    enableBrotli: true,
    orderPreference: ['br', 'gz'],
    serveStatic: { immutable: true, maxAge: '1y' },
  });
}
