import type { Request } from 'express';

const kinds = { 'text/plain': 'text', 'text/html': 'page', 'application/json': 'json' } as const;
export type AnswerKind = (typeof kinds)[keyof typeof kinds];

/** Who is asking: a browser, a program that wants JSON, or anything else, which gets plain text. */
export function answerKindFor(req: Request): AnswerKind {
  if (req.path.startsWith('/api/')) return 'json';
  const type = req.accepts(Object.keys(kinds));
  return type ? kinds[type as keyof typeof kinds] : 'text';
}
