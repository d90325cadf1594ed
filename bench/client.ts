import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { WebSocket } from 'ws';

const OK = 200;

export interface Answer {
  /** From before the request was sent until its answer had been read. */
  readonly ms: number;
  readonly text: string;
}

/** A caller of one server. */
export interface Client extends Disposable {
  /** @throws unless the answer is 200. */
  post(path: string, contentType: string, body: string): Promise<Answer>;
  sendCode(source: string): Promise<Answer>;
  /** Sends a program over a WebSocket that is open already; ms until the first byte of its output. */
  firstOutputMs(source: string): Promise<number>;
  /** The server's own figures, in the text format of Prometheus. */
  metric(name: string): Promise<number>;
}

/** `keepAlive`: over one connection, one request after the other; else each has a connection of its own. */
export function createClient(url: string, { keepAlive = true } = {}): Client {
  const agent = new Agent({ keepAlive, ...(keepAlive ? { maxSockets: 1 } : {}) });

  async function ask(path: string, options: object, body = ''): Promise<string> {
    const asked = request(`${url}${path}`, { agent, ...options });
    asked.end(body);
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    await once(response, 'end');
    if (response.statusCode !== OK) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
    return text;
  }

  async function post(path: string, contentType: string, body: string): Promise<Answer> {
    const began = performance.now();
    const headers = { 'Content-Type': contentType, 'Content-Length': Buffer.byteLength(body) };
    const text = await ask(path, { method: 'POST', headers }, body);
    return { ms: performance.now() - began, text };
  }

  return {
    post,
    sendCode: (source) => post('/send_code', 'text/x-python', source),
    async firstOutputMs(source) {
      const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v2/connect`);
      await once(socket, 'open');
      const began = performance.now();
      socket.send(JSON.stringify({ type: 'init', language: 'python', files: [{ content: source }] }));
      const ms = await new Promise<number>((resolve, reject) => {
        socket.on('message', (data) => {
          const { type } = JSON.parse((data as Buffer).toString()) as { type: string };
          if (type === 'data') resolve(performance.now() - began);
        });
        socket.on('close', () => reject(new Error('A WebSocket was closed before any output')));
      });
      await once(socket, 'close');
      return ms;
    },
    async metric(name) {
      const text = await ask('/metrics', {});
      const line = text.split('\n').find((line) => line.startsWith(`${name} `));
      if (line === undefined) throw new Error(`/metrics does not have ${name}`);
      return Number(line.slice(name.length));
    },
    [Symbol.dispose]: () => agent.destroy(),
  };
}
