import request from 'supertest';
import { expect } from 'vitest';
import { limitsWith } from '../run-result.ts';
import { createFakeApp } from './fake-app.ts';

export const BODY_BYTES = 500_000;
export const limits = limitsWith({
  wallMs: 3000,
  cpuMs: 2000,
  memoryBytes: 1000,
  sourceBytes: 100,
  stdinBytes: 100,
});

/** Nothing may run, and nothing of ours may be in the answer. */
export async function refused(status: number, body: string | Buffer | object, type = 'application/json') {
  const fake = createFakeApp({ limits, bodyBytes: BODY_BYTES });
  const sent = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
  const sending = request(fake.app).post('/api/v2/execute').set('Content-Type', type);
  const {
    body: answer,
    headers,
    text,
  } = await sending
    .serialize((x) => x as string)
    .send(sent)
    .expect(status);
  expect(fake.requests).toEqual([]);
  expect(headers['content-type']).toBe('application/json; charset=utf-8');
  expect(answer.requestId).toBe(headers['x-request-id']);
  expect(text).not.toMatch(/\n\s+at |node_modules|\/src\//);
  return answer.message as string;
}
