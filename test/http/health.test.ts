import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createFakeApp } from './fake-app.ts';

const sick = { whyNotReady: async () => 'The image python:3 is missing' };

describe('/healthz', () => {
  it.each([
    ['ready', {}],
    ['not ready', sick],
  ])('is 200 while the process lives, %s', async (_what, options) => {
    const { app } = createFakeApp(options);
    const { status, body } = await request(app).get('/healthz');
    expect({ status, body }).toEqual({ status: 200, body: { status: 'ok' } });
  });
});

describe('/readyz', () => {
  it('is 200 when runs can be served', async () => {
    const { status, body } = await request(createFakeApp().app).get('/readyz');
    expect({ status, body }).toEqual({ status: 200, body: { status: 'ready' } });
  });

  it('is 503 when they cannot, and says why', async () => {
    const { status, body } = await request(createFakeApp(sick).app).get('/readyz');
    expect({ status, body }).toEqual({
      status: 503,
      body: { status: 'not ready', reason: 'The image python:3 is missing' },
    });
  });

  it('asks anew each time', async () => {
    const answers = [null, 'gone', null];
    const { app } = createFakeApp({ whyNotReady: async () => answers.shift() ?? null });
    const statuses = [];
    for (let asked = 0; asked < 3; asked += 1) statuses.push((await request(app).get('/readyz')).status);
    expect(statuses).toEqual([200, 503, 200]);
  });

  it('tells nothing of what went wrong in finding out', async () => {
    const whyNotReady = () => Promise.reject(new Error('secret at /var/run/docker.sock'));
    const { status, text } = await request(createFakeApp({ whyNotReady }).app).get('/readyz');
    expect(status).toBe(500);
    expect(text).toBe('Something went wrong here; it is not your fault\n');
  });
});

describe('both', () => {
  it('leave no line in the log and run nothing', async () => {
    const { app, logLines, requests } = createFakeApp(sick);
    await request(app).get('/healthz');
    await request(app).get('/readyz');
    expect({ logLines, requests }).toEqual({ logLines: [], requests: [] });
  });
});
