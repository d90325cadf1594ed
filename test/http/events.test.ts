import { once } from 'node:events';
import request from 'supertest';
import { afterEach, describe, expect, it } from 'vitest';
import { BusyError } from '../../src/run/runner.ts';
import { runResult } from '../run-result.ts';
import { until } from '../server.ts';
import { createFakeApp } from './fake-app.ts';
import { createHanging, program, serveFakeApp } from './live-app.ts';

let app: Awaited<ReturnType<typeof serveFakeApp>> | undefined;
afterEach(() => app?.close());

const EVENTS = { Accept: 'text/event-stream', 'Content-Type': 'application/json' };

/** As the HTML Standard has it: fields up to an empty line; we use only `data`. */
function messagesOf(stream: string): object[] {
  return stream
    .split('\n\n')
    .filter((event) => event !== '')
    .map((event) => JSON.parse(/^data: (.*)$/.exec(event)?.[1] ?? 'null'));
}

async function running() {
  const { run, programs } = createHanging();
  app = await serveFakeApp({ run });
  const leave = new AbortController();
  const body = JSON.stringify({ ...program, stdin: 'in' });
  const responding = fetch(`${app.url}/api/v2/execute`, {
    method: 'POST',
    headers: EVENTS,
    body,
    signal: leave.signal,
  });
  const live = await until(() => programs[0], 'program');
  return { response: await responding, live, leave, app, signal: app.signals[0]! };
}

describe('the event stream', () => {
  it('has the messages of the WebSocket, one an event', async () => {
    const { response, live } = await running();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    void live.print({ stream: 'stdout', text: 'a\n\ndata: b\r\n' });
    live.finish(runResult({ output: [] }));
    expect(messagesOf(await response.text())).toMatchObject([
      { type: 'runtime', language: 'python', version: '3.13.1' },
      { type: 'stage', stage: 'run' },
      { type: 'data', stream: 'stdout', data: 'a\n\ndata: b\r\n' },
      { type: 'exit', stage: 'run', code: 0, verdict: 'ok', times: { total: 9 } },
    ]);
    expect(live.heard).toEqual(['<eof>']);
  });

  it('comes as it happens', async () => {
    const { response, live } = await running();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const sees = async (what: string) => {
      while (!text.includes(what)) text += (await reader.read()).value;
    };
    await sees('stage');
    void live.print({ stream: 'stdout', text: 'one' });
    await sees('one');
    void live.print({ stream: 'stderr', text: 'two' });
    await sees('two');
    live.finish();
    await sees('exit');
    expect((await reader.read()).done).toBe(true);
  });

  it('ends its run when its reader goes away', async () => {
    const { leave, signal } = await running();
    leave.abort();
    if (!signal.aborted) await once(signal, 'abort');
    expect(signal.reason).toBeInstanceOf(Error);
  });

  it('holds nobody up for a reader who has gone away', async () => {
    const { live, leave } = await running();
    let heldUp: void | Promise<void> = undefined;
    for (let n = 0; n < 500 && !heldUp; n += 1)
      heldUp = live.print({ stream: 'stdout', text: 'x'.repeat(64_000) });
    leave.abort();
    await expect(heldUp).resolves.toBeUndefined();
  });

  it('holds the program up while nobody reads', async () => {
    const { live, response } = await running();
    let heldUp: void | Promise<void> = undefined;
    for (let n = 0; n < 500 && !heldUp; n += 1)
      heldUp = live.print({ stream: 'stdout', text: 'x'.repeat(64_000) });
    expect(heldUp).toBeInstanceOf(Promise);
    const reading = response.text();
    await heldUp;
    live.finish();
    expect(messagesOf(await reading).at(-1)).toMatchObject({ type: 'exit' });
  });

  it.each([
    ['a mistake', { ...program, run_timeout: 0 }, 400],
    ['a language that is not here', { ...program, language: 'html' }, 400],
  ])('is an ordinary answer for %s', async (_what, body, status) => {
    const fake = createFakeApp();
    const { headers } = await request(fake.app).post('/api/v2/execute').set(EVENTS).send(body).expect(status);
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
  });

  it('is an ordinary answer when nothing came to run', async () => {
    const fake = createFakeApp({ run: () => Promise.reject(new BusyError('Busy', 3)) });
    const { headers } = await request(fake.app).post('/api/v2/execute').set(EVENTS).send(program).expect(503);
    expect(headers['retry-after']).toBe('3');
  });

  it('ends with an error for what goes wrong later', async () => {
    const fake = createFakeApp({
      run(_request, { onStart }) {
        onStart?.({ write() {}, endInput() {}, signal() {} });
        return Promise.reject(new TypeError('/src/secret.ts'));
      },
    });
    const { text } = await request(fake.app).post('/api/v2/execute').set(EVENTS).send(program).expect(200);
    expect(messagesOf(text).at(-1)).toEqual({
      type: 'error',
      message: 'Something went wrong here; it is not your fault',
      requestId: expect.any(String),
    });
    expect(JSON.parse(fake.logLines[0]!)).toMatchObject({ level: 50, err: { message: '/src/secret.ts' } });
  });

  it.each(['*/*', 'application/json', 'application/json, text/event-stream;q=0.9'])(
    'is not sent to who accepts %s',
    async (accept) => {
      const fake = createFakeApp();
      const { body } = await request(fake.app).post('/api/v2/execute').set('Accept', accept).send(program);
      expect(body.run.verdict).toBe('ok');
    },
  );
});
