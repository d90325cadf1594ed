import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { callers, createFakeApp } from './fake-app.ts';
import { errorOn } from './page-text.ts';

const HOST = 'kata.example.org:3000';
const allowedOrigins = ['https://allowed.example', 'http://localhost:8080'];

const post = (headers: Record<string, string>, options = {}) => {
  const { app, requests } = createFakeApp({ allowedOrigins, ...options });
  const sending = request(app).post('/send_code').set('Host', HOST).set(headers).send('source_code=1');
  return { sending, requests };
};

describe('a program from', () => {
  it.each<[string, Record<string, string>]>([
    ['curl, which says nothing', {}],
    ['our own page', { Origin: `http://${HOST}`, 'Sec-Fetch-Site': 'same-origin' }],
    ['our own page, to a browser that says only where it is from', { Origin: `http://${HOST}` }],
    ['our own page, behind TLS', { Origin: `https://${HOST}`, 'Sec-Fetch-Site': 'same-origin' }],
    ['the address bar', { 'Sec-Fetch-Site': 'none' }],
    ['an allowed site', { Origin: 'https://allowed.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another allowed site', { Origin: 'http://localhost:8080' }],
  ])('%s is run', async (_from, headers) => {
    const { sending, requests } = post(headers);
    await sending.expect(200);
    expect(requests).toHaveLength(1);
  });

  it.each<[string, Record<string, string>]>([
    ['another site', { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }],
    ['another site, over plain HTTP', { Origin: 'http://evil.example' }],
    ['another site that does not say which', { 'Sec-Fetch-Site': 'cross-site' }],
    ['another site that claims to be ours', { Origin: `http://${HOST}`, 'Sec-Fetch-Site': 'cross-site' }],
    ['a sandboxed frame', { Origin: 'null' }],
    ['a sandboxed frame of our own', { Origin: 'null', 'Sec-Fetch-Site': 'same-origin' }],
    ['another port of ours', { Origin: 'http://kata.example.org:8000', 'Sec-Fetch-Site': 'same-site' }],
    ['the default port of ours', { Origin: 'http://kata.example.org' }],
    ['a domain below ours', { Origin: 'http://a.kata.example.org:3000', 'Sec-Fetch-Site': 'same-site' }],
    ['a domain above ours', { Origin: 'http://example.org:3000', 'Sec-Fetch-Site': 'same-site' }],
    ['another port of an allowed site', { Origin: 'https://allowed.example:8443' }],
    ['an allowed site without TLS', { Origin: 'http://allowed.example' }],
    ['a site whose name begins like an allowed one', { Origin: 'https://allowed.example.evil.example' }],
    ['two sites at once', { Origin: `http://${HOST}, https://evil.example` }],
    ['a file', { Origin: 'file://' }],
    ['nothing that is an origin', { Origin: HOST }],
  ])('%s is refused, and nothing runs', async (_from, headers) => {
    const { sending, requests } = post(headers);
    const { text } = await sending.expect(403);
    expect(text).toBe('Posting from another site is not allowed here; see ALLOWED_ORIGINS\n');
    expect(requests).toEqual([]);
  });

  it('another site is refused in JSON to who accepts that', async () => {
    const { sending } = post({ Origin: 'null', Accept: callers.program });
    const { body, headers } = await sending.expect(403);
    expect(body).toEqual({
      message: expect.stringContaining('another site'),
      requestId: headers['x-request-id'],
    });
  });

  it('another site is refused on the page to a browser', async () => {
    const { sending } = post({ Origin: 'null', Accept: callers.browser });
    expect(errorOn((await sending.expect(403)).text)).toContain('another site');
  });
});

describe('our own name', () => {
  const proxied = {
    Host: 'katabox:3000',
    'X-Forwarded-Host': 'kata.example.org',
    Origin: 'https://kata.example.org',
  };

  it('is what a trusted proxy says it was called by', async () => {
    expect((await post(proxied, { trustProxy: 1 }).sending).status).toBe(200);
  });

  it('is not what anybody else says', async () => {
    expect((await post(proxied).sending).status).toBe(403);
  });
});

describe('the page itself', () => {
  it('is for everybody to follow a link to', async () => {
    const { app } = createFakeApp();
    const { status } = await request(app).get('/').set('Sec-Fetch-Site', 'cross-site');
    expect(status).toBe(200);
  });
});
