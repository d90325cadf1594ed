import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createFakeApp } from './fake-app.ts';

const ALLOWED = 'https://allowed.example';
const program = { language: 'python', files: [{ content: '' }] };

const preflight = (origin: string, allowedOrigins: string[] = [ALLOWED]) =>
  request(createFakeApp({ allowedOrigins }).app).options('/api/v2/execute').set({
    Origin: origin,
    'Access-Control-Request-Method': 'POST',
    'Access-Control-Request-Headers': 'content-type',
  });

describe('a page of an allowed origin', () => {
  it('may call the API and read the answer', async () => {
    const { headers } = await preflight(ALLOWED).expect(204);
    expect(headers).toMatchObject({
      'access-control-allow-origin': ALLOWED,
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'content-type',
    });
    expect(headers['access-control-allow-credentials']).toBeUndefined();
    const { app } = createFakeApp({ allowedOrigins: [ALLOWED], rateLimitPerMinute: 5 });
    const answer = await request(app)
      .post('/api/v2/execute')
      .set('Origin', ALLOWED)
      .send(program)
      .expect(200);
    expect(answer.headers['access-control-allow-origin']).toBe(ALLOWED);
    expect(answer.headers['access-control-expose-headers']).toContain('RateLimit');
    expect(answer.headers['ratelimit']).toBeDefined();
    expect(answer.headers['vary']).toContain('Origin');
  });

  it('may read a refusal', async () => {
    const { app } = createFakeApp({ allowedOrigins: [ALLOWED] });
    const { headers } = await request(app)
      .post('/api/v2/execute')
      .set('Origin', ALLOWED)
      .send({})
      .expect(400);
    expect(headers['access-control-allow-origin']).toBe(ALLOWED);
  });

  it('may not read the page', async () => {
    const { app } = createFakeApp({ allowedOrigins: [ALLOWED] });
    const { headers } = await request(app).get('/').set('Origin', ALLOWED);
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });
});

describe('a page of another origin', () => {
  it.each(['https://evil.example', 'null', 'https://allowed.example.evil.example'])(
    '%s may not, and is told nothing',
    async (origin) => {
      expect((await preflight(origin)).headers['access-control-allow-origin']).toBeUndefined();
      const { app, requests } = createFakeApp({ allowedOrigins: [ALLOWED] });
      const answer = await request(app)
        .post('/api/v2/execute')
        .set('Origin', origin)
        .send(program)
        .expect(403);
      expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      expect(requests).toEqual([]);
    },
  );

  it('finds no word of other origins where none is allowed', async () => {
    const { headers } = await preflight(ALLOWED, []);
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
});
