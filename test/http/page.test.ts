import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { exampleProgram } from '../../src/http/editor.ts';
import type { OutputChunk } from '../../src/run/result.ts';
import { runResult, stoppedResult } from '../run-result.ts';
import { callers, createFakeApp, formOf } from './fake-app.ts';
import { shownOutput, textOf, typedText } from './page-text.ts';

const pageOf = async (result = runResult(), fields: Record<string, string> = { source_code: 'x' }) => {
  const { app } = createFakeApp({ run: () => result });
  const sending = request(app).post('/send_code').set('Accept', callers.browser);
  return (await sending.send(formOf(fields)).expect(200)).text;
};
const printed = (text: string): OutputChunk[] => [{ stream: 'stdout', text }];

const treacherous = [
  '<script>alert(1)</script>',
  '</textarea><script>alert(1)</script>',
  '</pre></span><img src=x onerror=alert(1)>',
  '<!-- ', // opens a comment, were it markup
  '&lt;script&gt; &amp;amp; &#60;',
  `"' onfocus="alert(1)" x='`,
  '<%= 1 + 1 %> <%- include("x") %> ${1}',
  '\u001B[31mred\u001B[0m \u202Egnirts',
];

describe('the page', () => {
  it('begins with an example that is ready to run', async () => {
    const { app, requests } = createFakeApp();
    const { text, headers } = await request(app).get('/').expect(200);
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect(typedText(text, 'source_code')).toBe(exampleProgram);
    expect(typedText(text, 'stdin')).toBe('');
    expect(text).toMatch(/<form method="post" action="\/send_code(#\w+)?">/);
    expect(requests).toEqual([]);
  });

  it('needs no JavaScript', async () => {
    const { app } = createFakeApp();
    expect((await request(app).get('/')).text).not.toMatch(/<script|javascript:|\son\w+=/i);
  });

  it.each(treacherous)('shows the output %j as text and nothing else', async (text) => {
    const html = await pageOf(runResult({ output: printed(text) }));
    expect(shownOutput(html)).toEqual([{ stream: 'stdout', text }]);
    expect(html).not.toMatch(/<script|<img|onerror="?=/);
  });

  it.each(treacherous)('keeps the program and the input %j as text and nothing else', async (text) => {
    const html = await pageOf(runResult(), { source_code: text, stdin: text });
    expect(typedText(html, 'source_code')).toBe(text);
    expect(typedText(html, 'stdin')).toBe(text);
    expect(html).not.toMatch(/<script|<img/);
  });

  it.each(['\n', '\n\n\nx', ' \n x', '\tx', 'x\n\n', ''])(
    'keeps the line breaks and the blanks of %j',
    async (text) => {
      const html = await pageOf(runResult({ output: printed(`${text}.`) }), {
        source_code: text,
        stdin: text,
      });
      expect(typedText(html, 'source_code')).toBe(text);
      expect(typedText(html, 'stdin')).toBe(text);
      expect(shownOutput(html)).toEqual([{ stream: 'stdout', text: `${text}.` }]);
    },
  );

  it('shows both streams in the order they came, and which is which', async () => {
    const output: OutputChunk[] = [
      { stream: 'stdout', text: '\na' },
      { stream: 'stderr', text: '\nb\n' },
      { stream: 'stdout', text: 'c' },
    ];
    expect(shownOutput(await pageOf(runResult({ output })))).toEqual(output);
  });

  it('says that a program printed nothing', async () => {
    const html = await pageOf(runResult({ output: [] }));
    expect(textOf(html, 'p', 'silent')).toBe('It printed nothing.');
    expect(html).not.toContain('<pre');
  });

  it('says how the program ended', async () => {
    expect(textOf(await pageOf(), 'section', 'result ok')).toContain('Finished in 8 ms · 9 MB');
  });

  it('says which limit stopped the program, and shows what it had printed', async () => {
    const limit = { name: 'stdout', value: 1024 } as const;
    const html = await pageOf(stoppedResult('output', limit, { output: printed('x') }));
    expect(textOf(html, 'p', 'message')).toBe('Stopped: it wrote more to stdout than the limit of 1 KB.');
    expect(shownOutput(html)).toEqual([{ stream: 'stdout', text: 'x' }]);
  });

  it('shows the input where there is some', async () => {
    expect(await pageOf(runResult(), { source_code: '', stdin: 'x' })).toContain('<details open>');
    expect(await pageOf(runResult(), { source_code: '', stdin: '' })).toContain('<details>');
  });
});

describe('the headers', () => {
  const csp =
    "default-src 'none';style-src 'self';img-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'";

  it.each([
    ['the page', 'GET', '/'],
    ['its style sheet', 'GET', '/style.css'],
    ['a run', 'POST', '/send_code'],
    ['nothing', 'GET', '/nothing'],
  ] as const)('of %s let no browser guess, frame, script or tell', async (_what, method, path) => {
    const { app } = createFakeApp();
    const asking = method === 'GET' ? request(app).get(path) : request(app).post(path).send('source_code=1');
    const { headers } = await asking.set('Accept', callers.browser);
    expect(headers).toMatchObject({
      'content-security-policy': csp,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });
});
