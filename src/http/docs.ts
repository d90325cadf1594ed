import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { Router } from 'express';
import { contentSecurityPolicy } from 'helmet';
import type { Limits } from '../run/limits.ts';
import { openApi } from './openapi.ts';

// Only found, not imported: as a module it would load its two megabytes into the server.
const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
const assets = ['swagger-ui.css', 'swagger-ui-bundle.js'] as const;

const docsPolicy = contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'], // its stylesheet has its icons in it
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'none'"],
    frameAncestors: ["'none'"],
  },
});

/** The API as a document, and a page to read it and try it: Swagger UI, from our own origin. */
export function docsRoutes({ limits }: { readonly limits: Limits }): Router {
  const document = openApi(limits);
  const router = Router();
  router.get('/openapi.json', (_req, res) => {
    res.json(document);
  });
  router.get('/docs', docsPolicy, (_req, res) => res.render('docs'));
  for (const name of assets) {
    router.get(`/docs/${name}`, (_req, res) => res.sendFile(name, { root: swaggerUi, maxAge: '1d' }));
  }
  return router;
}
