import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { program, serveFakeApp } from './live-app.ts';

let app: Awaited<ReturnType<typeof serveFakeApp>>;
afterEach(() => app.close());

const body = JSON.stringify(program);

/** Sends the parts as they are, and resolves with what comes back until the other side is done. */
async function exchange(parts: string[]): Promise<string> {
  const socket = connectTcp(app.port, '127.0.0.1');
  const closed = once(socket, 'close');
  let answer = '';
  socket.on('data', (bytes) => (answer += bytes.toString()));
  for (const part of parts) {
    socket.write(part);
    await delay(20);
  }
  await closed;
  return answer;
}

const head = (fields: string[]) =>
  [
    'POST /api/v2/execute HTTP/1.1',
    'Host: x',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    ...fields,
    '',
    '',
  ].join('\r\n');

// What Java's HttpClient sends first over plain HTTP.
const h2c = ['Connection: Upgrade, HTTP2-Settings', 'HTTP2-Settings: AAMAAABkAARAAAAA', 'Upgrade: h2c'];

describe('a request that would rather speak HTTP/2', () => {
  it.each<[string, (text: string) => string[]]>([
    ['in one piece', (text) => [text]],
    ['with its body behind it', (text) => [text.slice(0, -body.length), text.slice(-body.length)]],
    ['with its body in two pieces', (text) => [text.slice(0, -5), text.slice(-5)]],
  ])('%s is answered as what it is', async (_how, split) => {
    app = await serveFakeApp();
    // The second one asks for the connection to be closed, and shows that it was fit for use.
    const answer = await exchange([...split(head(h2c) + body), head(['Connection: close']) + body]);
    expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(app.requests).toHaveLength(2);
  });
});

describe('a request for a WebSocket', () => {
  const asking = ['Connection: Upgrade', 'Upgrade: websocket'];

  it.each([
    ['without a key', []],
    ['of an unknown version', ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 99']],
  ])('%s is refused, and nothing is left open', async (_how, fields) => {
    app = await serveFakeApp();
    const answer = await exchange([
      ['GET /api/v2/connect HTTP/1.1', 'Host: x', ...asking, ...fields, '', ''].join('\r\n'),
    ]);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('elsewhere gets what is there', async () => {
    app = await serveFakeApp();
    const answer = await exchange([['GET /healthz HTTP/1.1', 'Host: x', ...asking, '', ''].join('\r\n')]);
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toMatch(/\r\nConnection: close\r\n/);
    expect(answer).toContain('{"status":"ok"}');
  });

  it('whose caller is cut off before it is answered does no harm', async () => {
    app = await serveFakeApp({ runtimes: () => delay(60, []) });
    const socket = connectTcp(app.port, '127.0.0.1');
    socket.write(['GET /api/v2/runtimes HTTP/1.1', 'Host: x', ...asking, '', ''].join('\r\n'));
    await delay(20);
    socket.resetAndDestroy();
    await delay(80);
    expect((await fetch(`${app.url}/healthz`)).status).toBe(200);
  });
});
