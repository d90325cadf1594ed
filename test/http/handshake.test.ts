import { afterEach, describe, expect, it } from 'vitest';
import { connect, init, serveFakeApp } from './live-app.ts';

let app: Awaited<ReturnType<typeof serveFakeApp>>;
afterEach(() => app.close());

const serve = async (options: Parameters<typeof serveFakeApp>[0] = {}) => (app = await serveFakeApp(options));

describe('the handshake', () => {
  it('is refused to a page of another site', async () => {
    await serve();
    for (const origin of ['https://evil.example', 'null'])
      await expect(connect(app.webSocket, { Origin: origin })).rejects.toThrow('403');
  });

  it('is for our own page, an allowed origin and what is no browser', async () => {
    await serve({ allowedOrigins: ['https://allowed.example'] });
    for (const origin of [app.url, 'https://allowed.example', undefined]) {
      const client = await connect(app.webSocket, origin === undefined ? {} : { Origin: origin });
      client.say(init);
      expect(await client.closed).toEqual([4999, 'Job Completed']);
    }
  });

  it('counts as a run for the rate limit', async () => {
    await serve({ rateLimitPerMinute: 1 });
    const client = await connect(app.webSocket);
    client.socket.terminate();
    await expect(connect(app.webSocket)).rejects.toThrow('429');
    const { status } = await fetch(`${app.url}/send_code`, {
      method: 'POST',
      body: new URLSearchParams({ source_code: '' }),
    });
    expect(status).toBe(429);
  });

  it('is not had where there is no WebSocket', async () => {
    await serve();
    await expect(connect(`ws://127.0.0.1:${app.port}/api/v2/nothing`)).rejects.toThrow('404');
    await expect(connect(`ws://127.0.0.1:${app.port}/healthz`)).rejects.toThrow('200');
  });

  it('is asked for of a plain GET', async () => {
    await serve();
    const response = await fetch(`${app.url}/api/v2/connect`);
    expect(response.status).toBe(426);
    expect(response.headers.get('upgrade')).toBe('websocket');
  });
});
