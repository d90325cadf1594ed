import { SandboxUnavailableError } from '../run/runner.ts';

/** The HTTP status of the engine's answer, if that is what the error is. */
function statusOf(error: unknown): number | undefined {
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

/** A container that is gone (404), or that AutoRemove is just removing (409), is what a removal wanted. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 404 || statusOf(error) === 409;
}

export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** The engine answered, and would not. */
export function isRefusal(error: unknown): boolean {
  return statusOf(error) !== undefined;
}

const reasons: Readonly<Record<string, string>> = {
  EACCES: 'this user may not use the Docker socket',
  ENOENT: 'there is no Docker socket',
};

function reasonFor(error: unknown): string {
  if (isRefusal(error)) return 'the Docker engine refused';
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return reasons[code] ?? 'the Docker engine does not answer';
}

/** What the engine would not or could not do, as the one error that callers of a Runner know; the cause is kept. */
export function toUnavailable(action: string, cause: unknown): SandboxUnavailableError {
  if (cause instanceof SandboxUnavailableError) return cause;
  return new SandboxUnavailableError(`Could not ${action}: ${reasonFor(cause)}`, { cause });
}
