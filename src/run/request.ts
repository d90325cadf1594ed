import { z } from 'zod';
import type { LanguageName } from './languages.ts';
import type { Limits } from './limits.ts';
import { BadRequestError } from './runner.ts';

/** One program and what it is given. Everything in it has been checked. */
export interface RunRequest {
  readonly language: LanguageName;
  readonly source: string;
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
  refuseOver('source_code', source, limits.sourceBytes);
  refuseOver('stdin', stdin, limits.stdinBytes);
  return { language: 'python', source, stdin, args: [], limits };
}

function refuseOver(field: string, value: string, limitBytes: number): void {
  const bytes = Buffer.byteLength(value);
  if (bytes > limitBytes) {
    throw new BadRequestError(`${field} is too large: ${bytes} bytes, the limit is ${limitBytes}`, {
      tooLarge: true,
    });
  }
}
