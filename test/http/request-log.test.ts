import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { BusyError } from '../../src/run/runner.ts';
import { limitsWith, runResult } from '../run-result.ts';
import { createFakeApp, FORM, formOf } from './fake-app.ts';

const SECRET = 'hunter2';
const form = formOf({ source_code: `print("${SECRET}")`, stdin: SECRET });
const output = [{ stream: 'stdout', text: SECRET } as const];
const ran = async () => runResult({ output });
const failing = (failure: Error) => ({
  async run() {
    throw failure;
  },
});

describe('the log', () => {
  it.each<[string, number, Parameters<typeof createFakeApp>[0], string, string]>([
    ['runs', 200, { run: ran }, FORM, form],
    ['runs, sent bare', 200, { run: ran }, 'text/plain', SECRET],
    ['is over its cap', 413, { limits: limitsWith({ sourceBytes: 1 }) }, FORM, form],
    ['is over the cap of a body', 413, { bodyBytes: 5 }, FORM, form],
    ['is broken', 400, {}, FORM, `source_code=${SECRET}%4`],
    ['comes twice', 400, {}, FORM, `source_code=${SECRET}&source_code=${SECRET}`],
    ['is of no type that is known', 415, {}, 'application/json', JSON.stringify(SECRET)],
    ['finds the server busy', 503, failing(new BusyError('Busy', 1)), FORM, form],
    ['finds a bug', 500, failing(new Error('a bug')), FORM, form],
  ])(
    'holds neither source nor input nor output of a program that %s',
    async (_what, status, options, type, body) => {
      const { app, logLines } = createFakeApp(options);
      const response = await request(app)
        .post(`/send_code?q=${SECRET}`)
        .set('Content-Type', type)
        .set('Cookie', SECRET)
        .send(body);
      expect(response.status).toBe(status);
      expect(logLines).toHaveLength(1);
      expect(logLines.join('')).not.toContain(SECRET);
    },
  );

  it('has one line for each request, which tells its run from others and how it ended', async () => {
    const { app, logLines } = createFakeApp();
    const { headers } = await request(app).post('/send_code').send(form).expect(200);
    expect(logLines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({
        level: 30,
        req: expect.objectContaining({ id: headers['x-request-id'], method: 'POST', path: '/send_code' }),
        res: { statusCode: 200 },
        run: { id: 'run-1', verdict: 'ok', ...runResult().times },
      }),
    ]);
  });

  it('gives each request an id of our own, whatever it says of itself', async () => {
    const { app } = createFakeApp();
    const first = await request(app).get('/').set('X-Request-Id', 'x');
    const second = await request(app).get('/').set('X-Request-Id', 'x');
    expect(new Set(['x', first.get('X-Request-Id'), second.get('X-Request-Id')])).toHaveProperty('size', 3);
  });

  it('takes what a caller got wrong for no error of ours', async () => {
    const { app, logLines } = createFakeApp();
    await request(app).post('/send_code').send('x=1').expect(400);
    const [line] = logLines.map((line) => JSON.parse(line));
    expect(line).toMatchObject({ level: 30, res: { statusCode: 400 } });
    expect(line).not.toHaveProperty('err');
    expect(line).not.toHaveProperty('run');
  });
});
