import request from 'supertest';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { callers, createFakeApp, formOf } from './fake-app.ts';
import { errorOn, typedText } from './page-text.ts';

afterEach(() => void vi.useRealTimers());

type FakeApp = ReturnType<typeof createFakeApp>;

const post = ({ app }: FakeApp, headers: Record<string, string> = {}, source_code = 'x') =>
  request(app).post('/send_code').set(headers).send(formOf({ source_code }));

const statusesOf = async (fake: FakeApp, headers: Record<string, string>[]) => {
  const statuses = [];
  for (const each of headers) statuses.push((await post(fake, each)).status);
  return statuses;
};
const from = (...addresses: string[]) => addresses.map((address) => ({ 'X-Forwarded-For': address }));

/** An app whose one run a minute is used up. */
async function exhausted(options: Parameters<typeof createFakeApp>[0] = {}) {
  const fake = createFakeApp({ rateLimitPerMinute: 1, ...options });
  await post(fake).expect(200);
  return fake;
}

describe('the rate limit', () => {
  it('lets so many runs a minute through from one address, and no more', async () => {
    const fake = createFakeApp({ rateLimitPerMinute: 3 });
    expect(await statusesOf(fake, [{}, {}, {}, {}, {}])).toEqual([200, 200, 200, 429, 429]);
    expect(fake.requests).toHaveLength(3);
  });

  it('is off at 0', async () => {
    const fake = createFakeApp({ rateLimitPerMinute: 0 });
    expect(
      new Set(
        await statusesOf(
          fake,
          Array.from({ length: 20 }, () => ({})),
        ),
      ),
    ).toEqual(new Set([200]));
  });

  it('is over after a minute', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const fake = await exhausted();
    vi.setSystemTime(Date.now() + 59_000);
    expect((await post(fake)).status).toBe(429);
    vi.setSystemTime(Date.now() + 1001);
    expect((await post(fake)).status).toBe(200);
  });

  it('counts what is run, whichever way it comes, and says what is left', async () => {
    const { app, requests } = createFakeApp({ rateLimitPerMinute: 3 });
    const program = { language: 'python', files: [{ content: '' }] };
    const run = (path: string) => request(app).post(path);
    expect((await run('/api/v2/execute').send(program)).headers['ratelimit']).toMatch(
      /^limit=3, remaining=2, reset=\d+$/,
    );
    expect((await run('/api/v2/piston/execute').send(program)).headers['ratelimit']).toMatch(/remaining=1/);
    expect((await run('/send_code').send(formOf({ source_code: '' }))).headers['ratelimit']).toMatch(
      /remaining=0/,
    );
    const { body, headers } = await run('/api/v2/execute').send(program).expect(429);
    expect(body).toEqual({
      message: expect.stringContaining('At most 3 runs'),
      requestId: headers['x-request-id'],
    });
    expect(headers['ratelimit-policy']).toBe('3;w=60');
    expect((await request(app).get('/api/v2/runtimes')).status).toBe(200);
    expect(requests).toHaveLength(3);
  });

  it('says when to come back', async () => {
    const { headers } = await post(await exhausted()).expect(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60);
  });

  const message = 'At most 1 runs a minute from one address';

  it('refuses curl in one line', async () => {
    expect((await post(await exhausted())).text).toBe(`${message}\n`);
  });

  it('refuses a program in JSON', async () => {
    const { body, headers } = await post(await exhausted(), { Accept: callers.program });
    expect(body).toEqual({ message, requestId: headers['x-request-id'] });
  });

  it("refuses a browser on the page, and keeps the user's text", async () => {
    const { text } = await post(await exhausted(), { Accept: callers.browser }, '\nprint(1)');
    expect(errorOn(text)).toBe(message);
    expect(typedText(text, 'source_code')).toBe('\nprint(1)');
  });

  it('leaves the page alone', async () => {
    const { app } = await exhausted();
    const { status } = await request(app).get('/');
    expect(status).toBe(200);
  });

  it('is not evaded by an address that the caller makes up', async () => {
    const fake = createFakeApp({ rateLimitPerMinute: 1 });
    expect(await statusesOf(fake, from('10.0.0.1', '10.0.0.2', '10.0.0.3'))).toEqual([200, 429, 429]);
  });

  it.each<[string, number | string[]]>([
    ['by number', 1],
    ['by address', ['loopback']],
  ])('counts each address that a proxy trusted %s tells of for itself', async (_how, trustProxy) => {
    const fake = createFakeApp({ rateLimitPerMinute: 1, trustProxy });
    expect(await statusesOf(fake, from('192.0.2.1', '192.0.2.2', '192.0.2.1'))).toEqual([200, 200, 429]);
  });

  it('believes one proxy only what it added itself', async () => {
    const fake = createFakeApp({ rateLimitPerMinute: 1, trustProxy: 1 });
    const spoofed = from('10.0.0.1, 192.0.2.1', '10.0.0.2, 192.0.2.1');
    expect(await statusesOf(fake, spoofed)).toEqual([200, 429]);
  });
});
