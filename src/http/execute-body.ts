import { z } from 'zod';
import { conflictOfFileNames, problemOfFileName } from '../run/file-name.ts';
import { languages } from '../run/languages.ts';
import type { Limits } from '../run/limits.ts';
import { type ProgramFile, refuseOver, type RunRequest } from '../run/request.ts';
import { BadRequestError } from '../run/runner.ts';
import { findRuntime, type Runtime } from '../run/runtimes.ts';

const MAX_FILES = 64;
const MAX_ARGS = 1000;
const MAX_NAME_LENGTH = 100;

/** A message names no more than these. */
const MAX_PROBLEMS = 10;

/** What the kernel takes as one argument (MAX_ARG_STRLEN, linux/binfmts.h); here it holds for all of them together. */
const MAX_ARGS_BYTES = 128 * 1024;

/**
 * The most that a compile step might be given. No language here has one, but Piston's clients send these limits with
 * every program, and 10 s is what they send.
 */
const COMPILE_MAX_MS = 10_000;

const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be text') })
  .refine((value) => value.isWellFormed(), 'is not valid Unicode');

const shortText = text.max(MAX_NAME_LENGTH, `must be at most ${MAX_NAME_LENGTH} characters long`);

const encodings = ['utf8', 'base64', 'hex'] as const;

export const file = z.object(
  {
    name: text.nullish().describe('Relative to the working directory; the first is `main.py` unless named'),
    content: text,
    encoding: z
      .enum(encodings, { error: `must be one of ${encodings.join(', ')}` })
      .nullish()
      .describe('How `content` is written; `utf8` unless given'),
  },
  { error: 'must be an object' },
);

function limit(maximum: number, unit: string, meaning: string) {
  const error = `must be a whole number of ${unit} from 1 to ${maximum}, or -1 for ${maximum}`;
  return z
    .union([z.literal(-1), z.int(error).min(1, error).max(maximum, error)], error)
    .nullish()
    .describe(`${meaning}, in ${unit}; -1, null or absent is the maximum, ${maximum}`);
}

/** The body of `POST /api/v2/execute`, with the maxima of this server. Fields that are not known are ignored. */
export function executeBody(limits: Limits) {
  const { wallMs, cpuMs, memoryBytes } = limits;
  return z.object(
    {
      language: shortText.describe('Name or alias of a language'),
      version: shortText.nullish().describe('Semver range; any version unless given'),
      files: z
        .array(file, { error: ({ input }) => (input === undefined ? 'is missing' : 'must be a list') })
        .min(1, 'must have at least one file')
        .max(MAX_FILES, `must have at most ${MAX_FILES} files`)
        .describe('The first is the program'),
      stdin: text.nullish(),
      args: z
        .array(
          text.refine((value) => !value.includes('\0'), 'must not contain NUL'),
          'must be a list of texts',
        )
        .max(MAX_ARGS, `must have at most ${MAX_ARGS} texts`)
        .nullish(),
      run_timeout: limit(wallMs, 'ms', 'Time from the start of the program to its end'),
      run_cpu_time: limit(cpuMs, 'ms', 'CPU time of all its processes'),
      run_memory_limit: limit(memoryBytes, 'bytes', 'Memory of all its processes'),
      compile_timeout: limit(COMPILE_MAX_MS, 'ms', 'Checked and ignored: nothing is compiled'),
      compile_cpu_time: limit(COMPILE_MAX_MS, 'ms', 'Checked and ignored: nothing is compiled'),
      compile_memory_limit: limit(memoryBytes, 'bytes', 'Checked and ignored: nothing is compiled'),
    },
    { error: 'must be a JSON object' },
  );
}

export type ExecuteBody = z.output<ReturnType<typeof executeBody>>;

/**
 * What an unknown body asks for, as a request, and the runtime that it means.
 * @throws BadRequestError naming the field, and the limit if one is broken.
 */
export function parseExecuteBody(
  input: unknown,
  schema: ReturnType<typeof executeBody>,
  runtimes: readonly Runtime[],
  limits: Limits,
): { request: RunRequest; runtime: Runtime } {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${nameOf(path)} ${message}`);
    throw new BadRequestError([...new Set(problems)].slice(0, MAX_PROBLEMS).join('; '));
  }
  const { language, version, stdin, args, ...body } = parsed.data;
  const range = version ?? '*';
  const runtime = findRuntime(runtimes, language, range);
  if (!runtime) throw new BadRequestError(`${language}-${range} runtime is unknown`);
  refuseOver('stdin', Buffer.byteLength(stdin ?? ''), limits.stdinBytes);
  refuseOver('args', Buffer.byteLength((args ?? []).join('')), MAX_ARGS_BYTES);
  const files = toProgramFiles(body.files, languages[runtime.language].mainFile);
  refuseOver(
    'files',
    files.reduce((sum, { content }) => sum + content.length, 0),
    limits.sourceBytes,
  );
  const [main, ...others] = files;
  return {
    runtime,
    request: {
      language: runtime.language,
      program: { files: [main!, ...others] },
      stdin: stdin ?? '',
      args: args ?? [],
      limits: {
        ...limits,
        wallMs: orMaximum(body.run_timeout, limits.wallMs),
        cpuMs: orMaximum(body.run_cpu_time, limits.cpuMs),
        memoryBytes: orMaximum(body.run_memory_limit, limits.memoryBytes),
      },
    },
  };
}

/** `files[0].name`; the body itself has no path. */
function nameOf(path: readonly PropertyKey[]): string {
  const name = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return name === '' ? 'The body' : name.slice(1);
}

function orMaximum(asked: number | null | undefined, maximum: number): number {
  return asked === undefined || asked === null || asked === -1 ? maximum : asked;
}

/** @throws BadRequestError */
function toProgramFiles(files: ExecuteBody['files'], mainFile: string): ProgramFile[] {
  const named = files.map(({ name, content, encoding }, index) => ({
    // As Piston calls files that have no name.
    name: name || (index === 0 ? mainFile : `file${index}.code`),
    content: decode(content, encoding ?? 'utf8', `files[${index}].content`),
  }));
  for (const [index, { name }] of named.entries()) {
    const problem = problemOfFileName(name);
    if (problem !== null) throw new BadRequestError(`files[${index}].name ${problem}`);
  }
  const conflict = conflictOfFileNames(named.map(({ name }) => name));
  if (conflict !== null) throw new BadRequestError(`files ${conflict}`);
  return named;
}

/** Node decodes what it can and skips the rest; what does not read back as it was sent was malformed. */
function decode(content: string, encoding: (typeof encodings)[number], field: string): Buffer {
  const bytes = Buffer.from(content, encoding);
  const malformed = {
    utf8: () => false,
    base64: () => bytes.toString('base64url') !== toUnpadded(content),
    hex: () => bytes.toString('hex') !== content.toLowerCase(),
  } as const satisfies Record<typeof encoding, () => boolean>;
  if (malformed[encoding]()) throw new BadRequestError(`${field} is not ${encoding}`);
  return bytes;
}

/** Line breaks and padding are up to the encoder, and so are the two alphabets (RFC 4648, sections 4 and 5). */
function toUnpadded(base64: string): string {
  return base64
    .replaceAll(/[\r\n]/g, '')
    .replace(/={1,2}$/, '')
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
