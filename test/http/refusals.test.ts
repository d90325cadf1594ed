import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { limitsWith } from '../run-result.ts';
import { callers, createFakeApp, FORM, formOf } from './fake-app.ts';
import { errorOn, typedText } from './page-text.ts';

const LIMIT_BYTES = 100;
const BODY_BYTES = 1000;
const limits = limitsWith({ sourceBytes: LIMIT_BYTES, stdinBytes: LIMIT_BYTES });
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const brokenForm = 'The form is not percent-encoded UTF-8';
const tooMuch = (field: string) => `${field} is too large: 101 bytes, the limit is 100`;

const refusals: [
  what: string,
  status: number,
  type: string,
  body: string | Buffer,
  message: string | RegExp,
][] = [
  ['without its field', 400, FORM, 'source=1', 'source_code is missing'],
  ['without anything', 400, FORM, '', 'source_code is missing'],
  ['with its field twice', 400, FORM, 'source_code=a&source_code=b', 'source_code must be text, given once'],
  ['with its input twice', 400, FORM, 'source_code=&stdin=a&stdin=b', 'stdin must be text, given once'],
  ['as a list', 400, FORM, 'source_code[]=a', /^source_code /],
  ['with a broken escape', 400, FORM, 'source_code=%4', brokenForm],
  ['with an escape of nothing', 400, FORM, 'source_code=100%', brokenForm],
  ['with escapes that are not UTF-8', 400, FORM, 'source_code=%e9', brokenForm],
  ['with an escaped half of a character', 400, FORM, 'source_code=%ED%A0%80', brokenForm],
  ['with bytes that are not UTF-8', 400, FORM, latin1('source_code=\xe9'), brokenForm],
  ['bare, not as UTF-8', 400, 'text/x-python', latin1('print("\xe9")'), 'source_code is not UTF-8'],
  ['bare, cut in a character', 400, 'text/plain', latin1('\xe2\x82'), 'source_code is not UTF-8'],
  [
    'bare, by another name of UTF-8',
    400,
    'text/plain; charset=utf8',
    latin1('\xe9'),
    'source_code is not UTF-8',
  ],
  ['as JSON', 415, 'application/json', '{"source_code":"x"}', /^Send a form /],
  ['as a multipart form', 415, 'multipart/form-data; boundary=x', '--x--', /^Send a form /],
  ['as bytes', 415, 'application/octet-stream', 'x', /^Send a form /],
  ['as HTML', 415, 'text/html', 'x', /^Send a form /],
  ['as nothing that can be named', 415, 'x', 'x', /^Send a form /],
  ['bare, in Latin-1', 415, 'text/plain; charset=iso-8859-1', latin1('\xe9'), 'Send UTF-8, not iso-8859-1'],
  [
    'bare, in what is no charset of text',
    415,
    'text/plain; charset=base64',
    'eA==',
    'Send UTF-8, not base64',
  ],
  [
    'as a form in Latin-1',
    415,
    `${FORM}; charset=iso-8859-1`,
    'source_code=%c3%a9',
    'Send UTF-8, not iso-8859-1',
  ],
  ['in an unknown charset', 415, 'text/plain; charset=klingon', 'x', 'unsupported charset "KLINGON"'],
  ['over its cap', 413, FORM, formOf({ source_code: 'x'.repeat(101) }), tooMuch('source_code')],
  ['bare, over its cap', 413, 'text/x-python', `${'€'.repeat(33)}xx`, tooMuch('source_code')],
  [
    'with input over its cap',
    413,
    FORM,
    formOf({ source_code: '', stdin: 'x'.repeat(101) }),
    tooMuch('stdin'),
  ],
  [
    'over what a body may have',
    413,
    FORM,
    `x=${'x'.repeat(999)}`,
    'The body is over its limit of 1000 bytes',
  ],
  [
    'bare, over what a body may have',
    413,
    'text/plain',
    'x'.repeat(1001),
    'The body is over its limit of 1000 bytes',
  ],
];

describe.each(refusals)('a program sent %s', (_what, status, type, body, message) => {
  const refused = async (accept: string) => {
    const { app, requests } = createFakeApp({ limits, bodyBytes: BODY_BYTES });
    const sending = request(app).post('/send_code').set('Content-Type', type).set('Accept', accept);
    // As it is: superagent would take a buffer for an object, and make a form or JSON of it.
    const response = await sending
      .serialize((it) => it as string)
      .send(body)
      .expect(status);
    expect(requests).toEqual([]);
    return response;
  };
  const matching = typeof message === 'string' ? message : expect.stringMatching(message);

  it(`is refused in one line with ${status}`, async () => {
    const { text, headers } = await refused(callers.curl);
    expect(text.endsWith('\n')).toBe(true);
    expect(text.slice(0, -1)).toEqual(matching);
    expect(text.trim()).not.toContain('\n');
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
  });

  it(`is refused in JSON with ${status}`, async () => {
    const { body, headers } = await refused(callers.program);
    expect(body).toEqual({ message: matching, requestId: headers['x-request-id'] });
  });

  it(`is refused on the page with ${status}`, async () => {
    const { text } = await refused(callers.browser);
    expect(errorOn(text)).toEqual(matching);
  });
});

describe('the page of a refused program', () => {
  const page = async (body: string, type = FORM) => {
    const { app } = createFakeApp({ limits, bodyBytes: BODY_BYTES });
    const sending = request(app).post('/send_code').set('Content-Type', type).set('Accept', callers.browser);
    return (await sending.send(body)).text;
  };

  it.each([
    ['over its cap', { source_code: `\n${'</textarea>'.repeat(10)}`, stdin: 'in' }],
    ['with input over its cap', { source_code: '\n\n  x', stdin: `\n${'y'.repeat(101)}` }],
  ])("keeps the user's text when it is %s", async (_what, fields) => {
    const html = await page(formOf(fields));
    expect(typedText(html, 'source_code')).toBe(fields.source_code);
    expect(typedText(html, 'stdin')).toBe(fields.stdin);
  });

  it("keeps what can be read of the user's text when it is broken", async () => {
    expect(typedText(await page('source_code=a%4&stdin=b'), 'source_code')).toContain('a');
    expect(typedText(await page('source_code=a%4&stdin=b'), 'stdin')).toBe('b');
  });

  it("keeps the user's bare text", async () => {
    expect(typedText(await page('x'.repeat(101), 'text/plain'), 'source_code')).toBe('x'.repeat(101));
  });
});

describe('the caps', () => {
  it.each([
    ['a program', { limits }, 'text/plain', 'x'.repeat(LIMIT_BYTES)],
    ['a form', { bodyBytes: BODY_BYTES }, FORM, `source_code=${'x'.repeat(BODY_BYTES - 12)}`],
  ])('let through %s of exactly that many bytes', async (_what, options, type, body) => {
    const { app, requests } = createFakeApp(options);
    await request(app).post('/send_code').set('Content-Type', type).send(body).expect(200);
    expect(requests).toHaveLength(1);
  });

  it('hold for a body that does not tell its length', async () => {
    const { app, requests } = createFakeApp({ bodyBytes: BODY_BYTES });
    const sending = request(app).post('/send_code').set('Content-Type', 'text/plain');
    sending.write('x'.repeat(600));
    sending.write('x'.repeat(600));
    await sending.expect(413);
    expect(requests).toEqual([]);
  });
});
