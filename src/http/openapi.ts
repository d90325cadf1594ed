import { z } from 'zod';
import type { Limits } from '../run/limits.ts';
import { errorBody } from './error-handler.ts';
import { executeAnswer } from './execute-answer.ts';
import { executeBody } from './execute-body.ts';
import { liveMessage, liveRequest } from './live-messages.ts';

const runtime = z.object({ language: z.string(), version: z.string(), aliases: z.array(z.string()) });
const form = z.object({
  source_code: z.string().describe('The program; it may be empty'),
  stdin: z.string().optional(),
});

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const content = (type: string, name: string) => ({ content: { [type]: { schema: ref(name) } } });
const json = (description: string, name: string) => ({ description, ...content('application/json', name) });
const text = (description: string) => ({
  description,
  content: { 'text/plain': { schema: { type: 'string' } } },
});

const problems = {
  400: json('A field is missing or wrong; the message names it', 'Problem'),
  403: json('Another site made a browser send this', 'Problem'),
  413: json('A cap is exceeded; the message names it', 'Problem'),
  415: json('Not a content type that is taken here', 'Problem'),
  429: json('Too many runs from this address; see the RateLimit headers', 'Problem'),
  503: json('Busy, or no sandbox to be had; see Retry-After', 'Problem'),
};

const example = { language: 'python', version: '*', files: [{ name: 'main.py', content: 'print("hi")' }] };

const tags = [
  { name: 'programs', description: 'For programs: the API of Piston' },
  { name: 'people', description: 'For people: the form' },
  { name: 'operators', description: 'For operators' },
];

/** The API as an OpenAPI 3.1 document, made of the schemas that validate it, with the limits of this server. */
export function openApi(limits: Limits) {
  const registry = z.registry<{ id: string }>();
  registry.add(executeBody(limits), { id: 'ExecuteRequest' });
  registry.add(executeAnswer, { id: 'ExecuteAnswer' });
  registry.add(runtime, { id: 'Runtime' });
  registry.add(errorBody, { id: 'Problem' });
  registry.add(form, { id: 'Form' });
  registry.add(liveRequest(limits), { id: 'LiveRequest' });
  registry.add(liveMessage, { id: 'LiveMessage' });
  const { schemas } = z.toJSONSchema(registry, {
    io: 'input',
    uri: (id) => `#/components/schemas/${id}`,
  });
  const elsewhere = { servers: [{ url: '/' }] };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Katabox',
      version: '2',
      description:
        "Runs programs that nobody should trust, each in a container of its own. The API is Piston's v2 with a few fields more.",
    },
    servers: [
      { url: '/api/v2' },
      { url: '/api/v2/piston', description: "The public Piston instance's prefix" },
    ],
    tags,
    paths: {
      '/runtimes': {
        get: {
          tags: ['programs'],
          operationId: 'runtimes',
          summary: 'What can be run',
          responses: {
            200: {
              description: 'One entry for each language and version',
              content: { 'application/json': { schema: { type: 'array', items: ref('Runtime') } } },
            },
            503: problems[503],
          },
        },
      },
      '/execute': {
        post: {
          tags: ['programs'],
          operationId: 'execute',
          summary: 'Run a program',
          description:
            'Whatever the program does is a 200. With `Accept: text/event-stream` its output comes as it happens.',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: ref('ExecuteRequest'), example } },
          },
          responses: {
            200: {
              description: 'How the program ended and what it printed; or, as events, a LiveMessage each',
              content: {
                ...content('application/json', 'ExecuteAnswer').content,
                'text/event-stream': { schema: { type: 'string' } },
              },
            },
            ...problems,
          },
        },
      },
      '/connect': {
        get: {
          tags: ['programs'],
          operationId: 'connect',
          summary: 'Run a program and type into it (WebSocket)',
          description:
            'JSON messages: a LiveRequest each from the client, a LiveMessage each from the server. The first is `init`.',
          responses: {
            101: { description: 'The WebSocket is open' },
            403: problems[403],
            426: json('Not a WebSocket handshake', 'Problem'),
            429: problems[429],
          },
        },
      },
      '/send_code': {
        ...elsewhere,
        post: {
          tags: ['people'],
          operationId: 'sendCode',
          summary: 'Run a program from a form, or as the bare body',
          requestBody: {
            required: true,
            content: {
              ...content('application/x-www-form-urlencoded', 'Form').content,
              'text/x-python': { schema: { type: 'string' } },
              'text/plain': { schema: { type: 'string' } },
            },
          },
          responses: {
            200: {
              description: 'The answer follows Accept',
              content: {
                'text/plain': { schema: { type: 'string' } },
                ...content('application/json', 'ExecuteAnswer').content,
                'text/html': { schema: { type: 'string' } },
              },
            },
            ...problems,
          },
        },
      },
      '/healthz': {
        ...elsewhere,
        get: {
          tags: ['operators'],
          summary: 'Whether the server lives',
          responses: { 200: { description: 'It does' } },
        },
      },
      '/readyz': {
        ...elsewhere,
        get: {
          tags: ['operators'],
          summary: 'Whether it can run programs',
          responses: { 200: { description: 'It can' }, 503: { description: 'It cannot; the body says why' } },
        },
      },
      '/metrics': {
        ...elsewhere,
        get: {
          tags: ['operators'],
          summary: 'Metrics for Prometheus',
          responses: { 200: text('Text format') },
        },
      },
    },
    components: { schemas: withoutIds(schemas) },
  };
}

/** Within a document that holds them all, a schema's place is its id. */
function withoutIds(schemas: Record<string, object>): Record<string, object> {
  const entries = Object.entries(schemas).map(([name, schema]) => {
    const { $id: _id, $schema: _schema, ...rest } = schema as Record<string, unknown>;
    return [name, rest] as const;
  });
  return Object.fromEntries(entries);
}
