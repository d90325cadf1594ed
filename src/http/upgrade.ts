import { createServer, type IncomingMessage, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';

const heads = new WeakMap<IncomingMessage, Buffer>();

/** What came behind the headers of a request that asks for a WebSocket; undefined for every other request. */
export function upgradeOf(req: IncomingMessage): Buffer | undefined {
  return heads.get(req);
}

export interface HttpServer {
  readonly server: Server;
  /** Ends every connection, WebSockets included. */
  readonly closeAllConnections: () => void;
}

/**
 * A server for the app, which also gets the requests that ask for a WebSocket: its guards, its errors and its log hold
 * for them as for all others. Whoever takes one does so by `upgradeOf`; all others are answered as usual.
 */
export function createHttpServer(app: Express): HttpServer {
  const upgraded = new Set<Duplex>();
  const server = createServer(app);
  server.on('upgrade', (req, socket: Socket, head) => {
    if (req.headers.upgrade?.toLowerCase() !== 'websocket')
      return serveWithoutUpgrade(server, req, socket, head);
    upgraded.add(socket);
    socket.on('close', () => upgraded.delete(socket));
    socket.on('error', () => socket.destroy());
    heads.set(req, head);
    const res = new ServerResponse(req);
    res.shouldKeepAlive = false;
    res.assignSocket(socket);
    res.on('finish', () => socket.end());
    app(req, res);
  });
  return {
    server,
    closeAllConnections() {
      server.closeAllConnections();
      for (const socket of upgraded) socket.destroy();
    },
  };
}

/**
 * Node hands over every request with an Upgrade header, and with it the reading of its body. Java's HttpClient and
 * `curl --http2` ask for h2c with each first request: what we do not speak is to be ignored (RFC 9110, section 7.8),
 * so the request is put back in front of the connection without that header.
 */
function serveWithoutUpgrade(server: Server, req: IncomingMessage, socket: Socket, head: Buffer): void {
  const lines = [`${req.method} ${req.url} HTTP/${req.httpVersion}`];
  for (let at = 0; at < req.rawHeaders.length; at += 2) {
    const [name = '', value = ''] = req.rawHeaders.slice(at, at + 2);
    if (!['upgrade', 'connection', 'http2-settings'].includes(name.toLowerCase()))
      lines.push(`${name}: ${value}`);
  }
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), head]));
  server.emit('connection', socket);
}
