import { Router } from 'express';

export interface HealthOptions {
  readonly whyNotReady: () => Promise<string | null>;
}

export function healthRoutes({ whyNotReady }: HealthOptions): Router {
  const router = Router();
  router.get('/healthz', (_req, res) => {
    res.json({ status: 'ok' });
  });
  router.get('/readyz', async (_req, res) => {
    const reason = await whyNotReady();
    if (reason === null) res.json({ status: 'ready' });
    else res.status(503).json({ status: 'not ready', reason });
  });
  return router;
}
