import { afterEach, describe, expect, it } from 'vitest';
import { BusyError, SandboxUnavailableError } from '../../src/run/runner.ts';
import { until } from '../server.ts';
import { connect, init, program, serveFakeApp, serveRunning } from './live-app.ts';

let app: Awaited<ReturnType<typeof serveFakeApp>>;
afterEach(() => app.close());

const serve = async (options: Parameters<typeof serveFakeApp>[0] = {}) => (app = await serveFakeApp(options));
const running = async () => {
  const served = await serveRunning();
  app = served.app;
  return served;
};

describe('the code 4', () => {
  it('000 is for a second init', async () => {
    const { client, signal } = await running();
    client.say(init);
    expect(await client.closed).toEqual([4000, 'Already Initialized']);
    expect(signal.aborted).toBe(true);
  });

  it('001 is for saying nothing within a second', async () => {
    await serve();
    const cameAt = performance.now();
    const client = await connect(app.webSocket);
    expect(await client.closed).toEqual([4001, 'Initialization Timeout']);
    expect(performance.now() - cameAt).toBeGreaterThan(950);
    expect(performance.now() - cameAt).toBeLessThan(1500);
    expect(app.requests).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['broken JSON', '{"type":', 'The message is not JSON: Unexpected end of JSON input'],
    [
      'a wrong field',
      { type: 'init', ...program, run_timeout: 0 },
      'run_timeout must be a whole number of ms from 1 to 10000, or -1 for 10000',
    ],
    ['an unknown language', { type: 'init', ...program, language: 'html' }, 'html-* runtime is unknown'],
  ])('002 is for %s, with an error before it', async (_what, message, error) => {
    await serve();
    const client = await connect(app.webSocket);
    client.say(message);
    expect(await client.closed).toEqual([4002, 'Notified Error']);
    expect(client.messages).toEqual([{ type: 'error', message: error, requestId: expect.any(String) }]);
    expect(app.requests).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['broken JSON', '}', 'The message is not JSON: '],
    ['no object', '[]', 'The message must be a JSON object'],
    ['an unknown type', { type: 'kill' }, 'type must be one of init, data, eof, signal'],
    ['data that is no text', { type: 'data', stream: 'stdin', data: 1 }, 'data must be text'],
    ['half a character', { type: 'data', stream: 'stdin', data: '\uD800' }, 'data is not valid Unicode'],
  ])('002 is for %s while the program runs, which ends it', async (_what, message, error) => {
    const { client, signal } = await running();
    client.say(message);
    expect(await client.closed).toEqual([4002, 'Notified Error']);
    expect(client.messages.at(-1)).toMatchObject({ type: 'error', message: expect.stringContaining(error) });
    expect(signal.aborted).toBe(true);
  });

  it.each<[string, Error, object]>([
    ['busy', new BusyError('Busy: 8 programs', 7), { message: 'Busy: 8 programs', retryAfterSeconds: 7 }],
    [
      'without a sandbox',
      new SandboxUnavailableError('No engine'),
      { message: 'No engine', retryAfterSeconds: 5 },
    ],
    [
      'broken',
      new TypeError('/src/secret.ts'),
      { message: 'Something went wrong here; it is not your fault' },
    ],
  ])('002 is for a server that is %s', async (_what, error, message) => {
    await serve({ run: () => Promise.reject(error) });
    const client = await connect(app.webSocket);
    client.say(init);
    expect(await client.closed).toEqual([4002, 'Notified Error']);
    expect(client.messages.slice(1)).toEqual([{ type: 'error', requestId: expect.any(String), ...message }]);
    const line = await until(() => app.logLines[0], 'log line');
    expect(JSON.parse(line)).toMatchObject({
      level: 50,
      err: { message: error.message },
    });
  });

  it.each(['data', 'eof', 'signal', 'kill'])('003 is for %s before init', async (type) => {
    await serve();
    const client = await connect(app.webSocket);
    client.say({ type, stream: 'stdin', data: '', signal: 'SIGINT' });
    expect(await client.closed).toEqual([4003, 'Not yet initialized']);
  });

  it('004 is for data that is not for stdin', async () => {
    const { client } = await running();
    client.say({ type: 'data', stream: 'stdout', data: 'x' });
    expect(await client.closed).toEqual([4004, 'Can only write to stdin']);
  });

  it.each(['SIGHUP', 'int', 9, '__proto__', undefined])('005 is for the signal %s', async (name) => {
    const { client, live } = await running();
    client.say({ type: 'signal', signal: name });
    expect(await client.closed).toEqual([4005, 'Invalid signal']);
    expect(live.heard).toEqual([]);
  });
});
