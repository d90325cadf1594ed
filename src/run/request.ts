import { z } from 'zod';
import type { LanguageName } from './languages.ts';
import type { Limits } from './limits.ts';
import { BadRequestError } from './runner.ts';

export interface ProgramFile {
  /** Relative to /box, and fit to be one of a set: see file-name.ts. */
  readonly name: string;
  readonly content: Buffer;
}

/** A source runs as `python -c SOURCE` does; files are put into /box, and the first runs as `python NAME` does. */
export type Program =
  { readonly source: string } | { readonly files: readonly [ProgramFile, ...ProgramFile[]] };

/** One program and what it is given. Everything in it has been checked. */
export interface RunRequest {
  readonly language: LanguageName;
  readonly program: Program;
  readonly stdin: string;
  /** `sys.argv[1:]`. */
  readonly args: readonly string[];
  readonly limits: Limits;
}

const text = z.string({
  error: ({ input }) => (input === undefined ? 'is missing' : 'must be text, given once'),
});

const form = z.object(
  {
    source_code: text.refine((value) => value.isWellFormed(), 'is not valid Unicode'),
    stdin: text.refine((value) => value.isWellFormed(), 'is not valid Unicode').default(''),
  },
  { error: 'is not a form' },
);

/**
 * Turns the fields of a form into a request, held to `limits`.
 * @throws BadRequestError naming the field, and the limit if one is broken.
 */
export function parseRunRequest(input: unknown, limits: Limits): RunRequest {
  const parsed = form.safeParse(input);
  if (!parsed.success) {
    throw new BadRequestError(
      parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'The body'} ${message}`).join('; '),
    );
  }
  const { source_code: source, stdin } = parsed.data;
  refuseOver('source_code', Buffer.byteLength(source), limits.sourceBytes);
  refuseOver('stdin', Buffer.byteLength(stdin), limits.stdinBytes);
  return { language: 'python', program: { source }, stdin, args: [], limits };
}

/** @throws BadRequestError naming the field, its size and the limit. */
export function refuseOver(field: string, bytes: number, limitBytes: number): void {
  if (bytes <= limitBytes) return;
  throw new BadRequestError(`${field} is too large: ${bytes} bytes, the limit is ${limitBytes}`, {
    tooLarge: true,
  });
}
