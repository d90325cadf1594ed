import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** As there are some in front of schools and offices: whatever asks for a WebSocket is cut off, be it only once. */
export function proxyWithoutUpgrades(target: string, given: { once?: boolean; host?: string } = {}) {
  const proxy = createServer((req, res) => {
    const { method, url } = req;
    const headers = { ...req.headers, ...(given.host === undefined ? {} : { host: given.host }) };
    const forwarded = request(`${target}${url}`, { method, headers }, (answer) => {
      res.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.pipe(res);
    });
    req.pipe(forwarded);
  });
  let cut = 0;
  proxy.on('upgrade', (req, socket: Socket, head) => {
    cut += 1;
    if (!given.once || cut === 1) {
      socket.destroy();
      return;
    }
    const { hostname, port } = new URL(target);
    const tunnel = connect(Number(port), hostname, () => {
      const lines = req.rawHeaders.map((text, at) => (at % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
      tunnel.write(`GET ${req.url} HTTP/1.1\r\n${lines}\r\n`);
      tunnel.write(head);
      socket.pipe(tunnel).pipe(socket);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
  });
  proxy.listen(0, '127.0.0.1');
  const url = once(proxy, 'listening').then(
    () => `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  );
  return { url, close: () => proxy.close() };
}
