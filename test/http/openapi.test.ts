import { Validator } from '@seriousme/openapi-schema-validator';
import request from 'supertest';
import { beforeAll, describe, expect, it } from 'vitest';
import { executeAnswer } from '../../src/http/execute-answer.ts';
import { liveMessage } from '../../src/http/live-messages.ts';
import { BusyError } from '../../src/run/runner.ts';
import { limitsWith, runResult, stoppedResult } from '../run-result.ts';
import { createFakeApp } from './fake-app.ts';

const limits = limitsWith({ wallMs: 1234, cpuMs: 567, memoryBytes: 89_000_000 });
// What the document is, is for the validator to say.
// oxlint-disable-next-line typescript/no-explicit-any
let document: any;

beforeAll(async () => {
  const { body } = await request(createFakeApp({ limits }).app).get('/openapi.json').expect(200);
  document = body;
});

describe('the description of the API', () => {
  it('is valid OpenAPI 3.1, by a validator that is not ours', async () => {
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    expect(errors).toBeUndefined();
    expect(valid).toBe(true);
    expect(validator.version).toBe('3.1');
  });

  it('has the limits of this server', () => {
    const { properties } = document.components.schemas.ExecuteRequest;
    const maximumOf = (name: string) => JSON.stringify(properties[name]).match(/"maximum":(\d+)/)?.[1];
    expect(['run_timeout', 'run_cpu_time', 'run_memory_limit'].map(maximumOf)).toEqual([
      '1234',
      '567',
      '89000000',
    ]);
    expect(document.components.schemas.ExecuteRequest.required).toEqual(['language', 'files']);
  });

  it('refers only to what is in it', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(5);
    for (const [, name = ''] of references) expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('knows the routes of API.md, and none that there is not', async () => {
    const { app } = createFakeApp();
    expect(Object.keys(document.paths).toSorted()).toEqual([
      '/connect',
      '/execute',
      '/healthz',
      '/metrics',
      '/readyz',
      '/runtimes',
      '/send_code',
    ]);
    for (const [path, operations] of Object.entries<Record<string, unknown> & { servers?: unknown }>(
      document.paths,
    )) {
      const url = operations.servers ? path : `/api/v2${path}`;
      const method = 'post' in operations ? 'post' : 'get';
      const { status } = await request(app)[method](url);
      expect([url, status]).not.toEqual([url, 404]);
    }
  });
});

describe('the answers are as described', () => {
  it.each([
    ['ok', runResult()],
    ['error', runResult({ verdict: 'error', exitCode: 1 })],
    ['signal', runResult({ verdict: 'signal', exitCode: null, signal: 'SIGSEGV' })],
    ['timeout', stoppedResult('timeout', { name: 'wall', value: 1234 })],
    ['output', stoppedResult('output', { name: 'stderr', value: 9 }, { memoryBytes: null })],
  ])('for %s', async (_verdict, result) => {
    const { app } = createFakeApp({ run: () => result });
    const body = { language: 'python', files: [{ content: '' }] };
    const answer = (await request(app).post('/api/v2/execute').send(body)).body;
    expect(executeAnswer.strict().parse(answer)).toEqual(answer);
  });
});

describe('the live messages are as described', () => {
  it.each([
    ['runs', () => runResult(), ['runtime', 'stage', 'data', 'exit']],
    [
      'is stopped',
      () => stoppedResult('timeout', { name: 'wall', value: 1234 }),
      ['runtime', 'stage', 'data', 'exit'],
    ],
    ['is lost', () => Promise.reject(new BusyError('Busy', 3)), ['runtime', 'stage', 'data', 'error']],
  ])('when a program %s', async (_how, end, types) => {
    const { app } = createFakeApp({
      run(_request, { onStart, onOutput }) {
        onStart?.({ write() {}, endInput() {}, signal() {} });
        void onOutput?.({ stream: 'stdout', text: 'hi' });
        return end();
      },
    });
    const body = { language: 'python', files: [{ content: '' }] };
    const { text } = await request(app).post('/api/v2/execute').set('Accept', 'text/event-stream').send(body);
    const messages = [...text.matchAll(/^data: (.*)$/gm)].map(([, json = '']) => JSON.parse(json));
    expect(messages.map(({ type }) => type)).toEqual(types);
    for (const message of messages) expect(liveMessage.parse(message)).toEqual(message);
  });
});

describe('the page of the documentation', () => {
  it('takes everything from our own origin, under a policy that says so', async () => {
    const { app } = createFakeApp();
    const { text, headers } = await request(app).get('/docs').expect(200);
    expect(headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data:;connect-src 'self';base-uri 'none';form-action 'none';frame-ancestors 'none'",
    );
    const sources = [...text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source = '']) => source);
    expect(sources).toEqual(
      expect.arrayContaining([
        '/docs/swagger-ui.css',
        '/docs/swagger-ui-bundle.js',
        '/docs.js',
        '/openapi.json',
      ]),
    );
    for (const source of sources) await request(app).get(source).expect(200);
  });
});
