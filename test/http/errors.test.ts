import express, { type ErrorRequestHandler } from 'express';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createErrorHandler } from '../../src/http/error-handler.ts';
import { BusyError, SandboxUnavailableError } from '../../src/run/runner.ts';
import { callers, createFakeApp, formOf } from './fake-app.ts';
import { errorOn, typedText } from './page-text.ts';

const OURS = 'Something went wrong here; it is not your fault';
const secretive = Object.assign(new Error('ENOENT: no such file, open /srv/secret.txt'), { statusCode: 404 });

const failures: [what: string, thrown: unknown, status: number, message: string, retryAfter?: string][] = [
  ['too busy', new BusyError('Busy: 8 programs are running', 8), 503, 'Busy: 8 programs are running', '8'],
  ['without an engine', new SandboxUnavailableError('No <b>engine'), 503, 'No <b>engine', '5'],
  [
    'without an engine, for a reason of its own',
    new SandboxUnavailableError('No engine', { cause: secretive }),
    503,
    'No engine',
    '5',
  ],
  ['broken', secretive, 500, OURS],
  ['broken by a type', new TypeError("Cannot read properties of undefined (reading 'secret')"), 500, OURS],
  ['broken behind it', Object.assign(new Error('secret'), { status: 502 }), 500, OURS],
  ['broken, throwing text', '/srv/secret.txt', 500, OURS],
  ['broken, throwing nothing', undefined, 500, OURS],
];

describe.each(failures)('a server that is %s', (_what, thrown, status, message, retryAfter) => {
  const failed = async (accept: string) => {
    const { app, logLines } = createFakeApp({ run: () => Promise.reject(thrown) });
    const sending = request(app).post('/send_code').set('Accept', accept);
    const response = await sending.send(formOf({ source_code: '\n<b>', stdin: '\n&' })).expect(status);
    expect(response.get('Retry-After')).toBe(retryAfter);
    expect(response.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.get('X-Content-Type-Options')).toBe('nosniff');
    expect(response.get('X-Run-Verdict')).toBeUndefined();
    expect(response.text).not.toMatch(/secret|\.ts|node_modules|\bat \S+ \(/);
    return { text: response.text, requestId: response.get('X-Request-Id'), logLines };
  };

  it('tells curl in one line', async () => {
    expect((await failed(callers.curl)).text).toBe(`${message}\n`);
  });

  it('tells a program in JSON', async () => {
    const { text, requestId } = await failed(callers.program);
    expect(JSON.parse(text)).toEqual({ message, requestId });
  });

  it("tells a browser on the page, and keeps the user's text", async () => {
    const { text } = await failed(callers.browser);
    expect(errorOn(text)).toBe(message);
    expect(typedText(text, 'source_code')).toBe('\n<b>');
    expect(typedText(text, 'stdin')).toBe('\n&');
  });

  it('logs the error itself, once, with the id that the caller was told', async () => {
    const { logLines, requestId } = await failed(callers.curl);
    expect(logLines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 50,
        err: expect.objectContaining({ stack: expect.stringContaining('Error') }),
        req: expect.objectContaining({ id: requestId, path: '/send_code' }),
        res: { statusCode: status },
      }),
    ]);
  });
});

describe('an address where there is nothing', () => {
  it.each([
    ['get', '/nothing', callers.curl, 'text/plain'],
    ['get', '/nothing', callers.browser, 'text/html'],
    ['get', '/nothing', callers.program, 'application/json'],
    ['get', '/api/nothing', callers.browser, 'application/json'],
    ['post', '/api/v2/nothing', callers.curl, 'application/json'],
    ['post', '/', callers.curl, 'text/plain'],
    ['get', '/send_code', callers.curl, 'text/plain'],
    ['get', '/../package.json', callers.curl, 'text/plain'],
    ['get', '/%2e%2e/package.json', callers.curl, 'text/plain'],
    ['get', '/%ff%00', callers.curl, 'text/plain'],
    ['get', '/views/index.ejs', callers.curl, 'text/plain'],
  ] as const)('is 404: %s %s for %s, as %s', async (method, path, accept, type) => {
    const { app, requests } = createFakeApp();
    const response = await request(app)[method](path).set('Accept', accept);
    expect(response.status).toBe(404);
    expect(response.get('Content-Type')).toBe(`${type}; charset=utf-8`);
    expect(response.text).toContain('There is nothing at ');
    expect(response.text).not.toContain('/work');
    expect(requests).toEqual([]);
  });
});

describe('an error after the answer has begun', () => {
  it('breaks the connection off, for the answer to be seen as incomplete', async () => {
    const app = express();
    app.get('/', (_req, res) => {
      res.write('half an ans');
      throw new Error('secret');
    });
    app.use(createErrorHandler({ bodyBytes: 1 }));
    const later: unknown[] = [];
    app.use(((error, _req, _res, next) => next(later.push(error))) satisfies ErrorRequestHandler);
    await expect(request(app).get('/')).rejects.toThrow(/aborted|socket hang up|ECONNRESET/);
    expect(later).toEqual([]);
  });
});
