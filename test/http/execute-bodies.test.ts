import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { createFakeApp } from './fake-app.ts';
import { BODY_BYTES, limits, refused } from './refused.ts';

const program = { language: 'python', files: [{ content: 'x' }] };
const withContent = (content: string) => ({ ...program, files: [{ content }] });

describe('execute refuses', () => {
  it.each<[string, string | Buffer, string | RegExp]>([
    ['nothing', '', /^The body is not JSON: /],
    ['what is no JSON', '{"language":', /^The body is not JSON: /],
    ['NaN', `{"run_timeout":NaN,${JSON.stringify(program).slice(1)}`, /^The body is not JSON: /],
    ['two documents', '{}{}', /^The body is not JSON: /],
    ['bytes that are not UTF-8', Buffer.from('{"language":"\xe9"}', 'latin1'), 'The body is not UTF-8'],
    [
      'nesting, 10,000 deep',
      `{"language":${'['.repeat(10_000)}${']'.repeat(10_000)}}`,
      /^language must be text/,
    ],
    ['nesting, 100,000 deep and never closed', '['.repeat(100_000), /^The body is not JSON: /],
  ])('%s', async (_what, body, message) => {
    const said = await refused(400, body);
    expect(said).toMatch(typeof message === 'string' ? new RegExp(`^${message}$`) : message);
    expect(said.length).toBeLessThan(200);
  });

  it.each([
    'text/plain',
    'text/plain; charset=utf-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=iso-8859-1',
    'application/jsonp',
    'application/octet-stream',
    'x',
  ])('the content type %s', async (type) => {
    expect(await refused(415, JSON.stringify(program), type)).toBe('Send JSON in UTF-8, as application/json');
  });

  it('a body without a content type', async () => {
    const { app, requests } = createFakeApp();
    await request(app).post('/api/v2/execute').unset('Content-Type').expect(415);
    expect(requests).toEqual([]);
  });

  const over = (count: number) => 'x'.repeat(count);
  it.each<[string, object, string]>([
    ['a program over its cap', withContent(over(101)), 'files is too large: 101 bytes, the limit is 100'],
    [
      'files that are together over the cap',
      { ...program, files: [{ content: over(60) }, { content: over(41) }] },
      'files is too large: 101 bytes, the limit is 100',
    ],
    [
      'input over its cap',
      { ...program, stdin: over(101) },
      'stdin is too large: 101 bytes, the limit is 100',
    ],
    [
      'arguments over their cap',
      { ...program, args: [over(131_073)] },
      'args is too large: 131073 bytes, the limit is 131072',
    ],
    [
      'a body one byte over its cap',
      { pad: over(BODY_BYTES + 1 - 10) },
      'The body is over its limit of 500000 bytes',
    ],
  ])('%s', async (_what, body, message) => {
    expect(await refused(413, body)).toBe(message);
  });

  it('a page of another site', async () => {
    const { app, requests } = createFakeApp();
    await request(app)
      .post('/api/v2/execute')
      .set('Origin', 'https://evil.example')
      .send(program)
      .expect(403);
    expect(requests).toEqual([]);
  });
});

it('takes what is exactly at its caps', async () => {
  const { app, requests } = createFakeApp({ limits });
  const atCaps = { stdin: 'x'.repeat(100), run_timeout: 3000, run_memory_limit: 1 };
  await request(app)
    .post('/api/v2/execute')
    .send({ ...withContent('é'.repeat(50)), ...atCaps })
    .expect(200);
  expect(requests).toHaveLength(1);
});
