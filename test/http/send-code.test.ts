import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { limitsWith, runResult, stoppedResult } from '../run-result.ts';
import { callers, createFakeApp, FORM, formOf } from './fake-app.ts';

const stdout = (text: string) => [{ stream: 'stdout', text } as const];

describe('a program that is sent', () => {
  it.each(['print("hi")', '', ' ', 'a = 1\nb = "é€𝄞&=+%"\r#\n', '\n\nx', '\0'])(
    'as a form reaches the runner as it is: %j',
    async (source_code) => {
      const { app, requests } = createFakeApp();
      await request(app).post('/send_code').send(formOf({ source_code })).expect(200);
      expect(requests).toMatchObject([
        { language: 'python', program: { source: source_code }, stdin: '', args: [] },
      ]);
    },
  );

  it('as a form has the line breaks that were typed, not the CRLF that browsers send for them', async () => {
    const { app, requests } = createFakeApp();
    const fields = { source_code: 'a\r\nb\n\r\n', stdin: '1\r\n2\r\n' };
    await request(app).post('/send_code').send(formOf(fields)).expect(200);
    expect(requests).toMatchObject([{ program: { source: 'a\nb\n\n' }, stdin: '1\n2\n' }]);
  });

  it.each(['text/x-python', 'text/plain', 'text/plain; charset=utf-8', 'TEXT/X-Python'])(
    'as the bare body, as %s, reaches the runner as it is',
    async (type) => {
      const { app, requests } = createFakeApp();
      const sources = ['print("é€𝄞 %41 + &")\r\n', 'source_code=1', ''];
      for (const source of sources) {
        await request(app).post('/send_code').set('Content-Type', type).send(source).expect(200);
      }
      expect(requests.map(({ program }) => program)).toEqual(sources.map((source) => ({ source })));
    },
  );

  it('may come with its standard input', async () => {
    const { app, requests } = createFakeApp();
    await request(app)
      .post('/send_code')
      .send(formOf({ source_code: 'x', stdin: 'é\n' }))
      .expect(200);
    expect(requests).toMatchObject([{ program: { source: 'x' }, stdin: 'é\n' }]);
  });

  it('is held to the limits of the server', async () => {
    const limits = limitsWith({ wallMs: 1 });
    const { app, requests } = createFakeApp({ limits });
    await request(app)
      .post('/send_code')
      .send(formOf({ source_code: 'x' }))
      .expect(200);
    expect(requests).toMatchObject([{ limits }]);
  });
});

describe('the answer in plain text', () => {
  const plain = async (result = runResult()) => {
    const { app } = createFakeApp({ run: () => result });
    return request(app)
      .post('/send_code')
      .send(formOf({ source_code: 'x' }))
      .expect(200);
  };

  it.each([
    ['hi\n', 'From docker: hi'],
    ['', 'From docker: '],
    [' \r\n\t\n', 'From docker: '],
    ['\n  a\n\n b \n\n', 'From docker: a\n\n b'],
    ['<b>é€𝄞</b>\n', 'From docker: <b>é€𝄞</b>'],
  ])('to a program that printed %j is %j', async (text, answer) => {
    const response = await plain(runResult({ output: stdout(text) }));
    expect(response.text).toBe(answer);
    expect(response.get('Content-Type')).toBe('text/plain; charset=utf-8');
  });

  it('has both streams in the order they came', async () => {
    const output = [...stdout('a\n'), { stream: 'stderr', text: 'b\n' } as const, ...stdout('c\n')];
    expect((await plain(runResult({ output }))).text).toBe('From docker: a\nb\nc');
  });

  it('has one last line which says which limit stopped the program', async () => {
    const limit = { name: 'wall', value: 10_000 } as const;
    const response = await plain(stoppedResult('timeout', limit, { output: stdout('half a line') }));
    expect(response.text).toBe(
      'From docker: half a line\nStopped: it ran for longer than the limit of 10 s.',
    );
  });

  it('has that line of a program that was stopped before it printed anything', async () => {
    const result = stoppedResult('memory', { name: 'memory', value: 1024 }, { output: [] });
    expect((await plain(result)).text).toBe(
      'From docker: \nStopped: it used more memory than the limit of 1 KB.',
    );
  });

  it.each([
    ['failed', runResult({ verdict: 'error', exitCode: 1 })],
    ['was killed', runResult({ verdict: 'signal', exitCode: null, signal: 'SIGSEGV' })],
    ['lost a child to the memory limit', runResult({ message: 'A process that the program started …' })],
  ])('has no line of ours when the program %s', async (_what, result) => {
    expect((await plain(result)).text).toBe('From docker: hi');
  });
});

describe('every answer', () => {
  const headers = { 'x-run-verdict': 'ok', 'x-run-exit-code': '0', 'x-run-time-ms': '8' };

  it.each(Object.entries(callers))('to a %s says in its headers how the run ended', async (_who, accept) => {
    const { app } = createFakeApp();
    const response = await request(app)
      .post('/send_code')
      .set('Accept', accept)
      .send(formOf({ source_code: '' }));
    expect(response.headers).toMatchObject(headers);
  });

  it('has no exit code of a program that had none', async () => {
    const { app } = createFakeApp({ run: () => stoppedResult('timeout', { name: 'cpu', value: 1 }) });
    const response = await request(app)
      .post('/send_code')
      .send(formOf({ source_code: '' }));
    expect(response.get('X-Run-Verdict')).toBe('timeout');
    expect(response.get('X-Run-Exit-Code')).toBeUndefined();
  });

  it.each([
    [undefined, 'text/plain'],
    ['*/*', 'text/plain'],
    ['text/plain', 'text/plain'],
    ['image/png', 'text/plain'],
    [callers.browser, 'text/html'],
    ['text/html', 'text/html'],
    ['application/json', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
  ])('to who accepts %s is %s', async (accept, type) => {
    const { app } = createFakeApp();
    const sending = request(app).post('/send_code').type(FORM);
    const response = await (accept ? sending.set('Accept', accept) : sending)
      .send('source_code=1')
      .expect(200);
    expect(response.get('Content-Type')).toBe(`${type}; charset=utf-8`);
    expect(response.get('X-Content-Type-Options')).toBe('nosniff');
  });
});
