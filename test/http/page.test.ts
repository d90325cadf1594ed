import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { examples } from '../../src/http/examples.ts';
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
    expect(typedText(text, 'source_code')).toBe(examples[0].source);
    expect(typedText(text, 'stdin')).toBe('');
    expect(text).toMatch(/<form [^>]*method="post" action="\/send_code#result"/);
    expect(requests).toEqual([]);
  });

  it.each(examples)(
    'has the example $name, which a link brings without a script',
    async ({ name, title, source }) => {
      const { app } = createFakeApp();
      const { text } = await request(app).get(`/?example=${name}`).expect(200);
      expect(typedText(text, 'source_code')).toBe(source);
      expect(text).toContain(`>${title}</a>`);
    },
  );

  it('lets a script put what was typed before in place of an example that nobody chose, only', async () => {
    const { app } = createFakeApp();
    const mayRestore = (html: string) => /data-may-restore="(\w+)"/.exec(html)?.[1];
    expect(mayRestore((await request(app).get('/')).text)).toBe('true');
    expect(mayRestore((await request(app).get('/?example=guess')).text)).toBe('false');
    expect(mayRestore(await pageOf())).toBe('false');
  });

  it('has no script or style but in files of our own', async () => {
    const { text } = await request(createFakeApp().app).get('/');
    const scripts = [...text.matchAll(/<script\b[^>]*>[^<]*/g)].map(([tag]) => tag);
    expect(scripts).toEqual([
      expect.stringMatching(/^<script src="\/built\/theme-first-\w+\.js">$/),
      expect.stringMatching(/^<script type="module" src="\/built\/main-\w+\.js">$/),
    ]);
    expect(text).not.toMatch(/javascript:|<style|\s(on\w+|style)=/i);
  });

  it.each(treacherous)('shows the output %j as text and nothing else', async (text) => {
    const html = await pageOf(runResult({ output: printed(text) }));
    expect(shownOutput(html)).toEqual([{ stream: 'stdout', text }]);
    expect(html).not.toMatch(/<script>|<img|onerror="?=/);
  });

  it.each(treacherous)('keeps the program and the input %j as text and nothing else', async (text) => {
    const html = await pageOf(runResult(), { source_code: text, stdin: text });
    expect(typedText(html, 'source_code')).toBe(text);
    expect(typedText(html, 'stdin')).toBe(text);
    expect(html).not.toMatch(/<script>|<img/);
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
    const html = await pageOf(runResult({ output }));
    expect(shownOutput(html).map(({ text }) => text)).toEqual(['\na', '\n', 'b\n', 'c']);
    expect(html.match(/<span class="std[^>]*>/g)).toEqual([
      '<span class="stdout">',
      '<span class="stderr" data-amid-line>', // where there is no room for a bar
      '<span class="stderr">',
      '<span class="stdout">',
    ]);
  });

  it('says that a program printed nothing', async () => {
    const html = await pageOf(runResult({ output: [] }));
    expect(textOf(html, 'silent')).toBe('It printed nothing.');
    expect(html).toContain('<p id="silent">');
    expect(await pageOf()).toContain('<p id="silent" hidden>');
  });

  it('says how the program ended', async () => {
    const html = await pageOf();
    expect(textOf(html, 'verdict')).toBe('Finished in 8 ms · 9 MB');
    expect(html).toContain('<section id="result" aria-label="Result" class="ok">');
  });

  it('says which limit stopped the program, and shows what it had printed', async () => {
    const limit = { name: 'stdout', value: 1024 } as const;
    const html = await pageOf(stoppedResult('output', limit, { output: printed('x') }));
    expect(textOf(html, 'message')).toBe('Stopped: it wrote more to stdout than the limit of 1 KB.');
    expect(shownOutput(html)).toEqual([{ stream: 'stdout', text: 'x' }]);
  });

  it('shows the input where there is some', async () => {
    expect(await pageOf(runResult(), { source_code: '', stdin: 'x' })).toContain(
      '<details id="given-input" open>',
    );
    expect(await pageOf(runResult(), { source_code: '', stdin: '' })).toContain('<details id="given-input">');
  });
});

describe('the headers', () => {
  const csp = (framers: string) =>
    new RegExp(
      `^default-src 'none';script-src 'self';style-src 'self' 'nonce-[\\w+/=]{24}';img-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors ${framers};require-trusted-types-for 'script';trusted-types 'none'$`,
    );

  it.each([
    ['the page', 'GET', '/'],
    ['its icon', 'GET', '/icon.svg'],
    ['a run', 'POST', '/send_code'],
    ['nothing', 'GET', '/nothing'],
    ['the page in a frame, with nobody allowed,', 'GET', '/?embed=1'],
  ] as const)(
    'of %s let no browser guess, frame, tell, or run what is not ours',
    async (_what, method, path) => {
      const { app } = createFakeApp();
      const asking =
        method === 'GET' ? request(app).get(path) : request(app).post(path).send('source_code=1');
      const { headers } = await asking.set('Accept', callers.browser);
      expect(headers).toMatchObject({
        'content-security-policy': expect.stringMatching(csp("'none'")),
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
      expect(headers['x-frame-options']).toBe(path.includes('embed') ? undefined : 'DENY');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );

  const allowedOrigins = ['https://a.example', 'https://b.example:8443'];

  it.each(['/?embed=1', '/send_code?embed=1'])('of %s let the allowed origins frame it', async (path) => {
    const { app } = createFakeApp({ allowedOrigins });
    const asking = path.startsWith('/?')
      ? request(app).get(path)
      : request(app).post(path).send('source_code=1');
    const { headers, text } = await asking.set('Accept', callers.browser).expect(200);
    expect(headers['content-security-policy']).toMatch(csp(allowedOrigins.join(' ')));
    expect(headers).not.toHaveProperty('x-frame-options');
    expect(text).toContain('action="/send_code?embed=1#result"');
    expect(text).not.toContain('<header>');
  });

  it.each(['/', '/?embed=0', '/?embed=1&embed=1'])('of %s let nobody frame it', async (path) => {
    const { headers } = await request(createFakeApp({ allowedOrigins }).app).get(path);
    expect(headers['content-security-policy']).toMatch(csp("'none'"));
    expect(headers['x-frame-options']).toBe('DENY');
  });

  it('have another nonce for each answer, the one in the page', async () => {
    const { app } = createFakeApp();
    const nonces = await Promise.all(
      [1, 2].map(async () => {
        const { headers, text } = await request(app).get('/');
        const [, nonce] = /'nonce-([^']+)'/.exec(headers['content-security-policy'] ?? '') ?? [];
        expect(text).toContain(`nonce="${nonce}"`);
        return nonce;
      }),
    );
    expect(nonces[0]).not.toBe(nonces[1]);
  });
});
