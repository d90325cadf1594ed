import semver from 'semver';
import type { LanguageName } from './languages.ts';

/** A language that can be run here, at the one version that its image has. */
export interface Runtime {
  readonly language: LanguageName;
  /** As the interpreter tells itself. */
  readonly version: string;
  readonly aliases: readonly string[];
}

/** The runtime of a language, by its name or an alias, whose version is in the semver range; undefined if there is none. */
export function findRuntime(
  runtimes: readonly Runtime[],
  language: string,
  range: string,
): Runtime | undefined {
  return runtimes.find(
    (runtime) =>
      (runtime.language === language || runtime.aliases.includes(language)) &&
      isInRange(runtime.version, range),
  );
}

/** Interpreters do not all speak semver (`3.14.0rc2`, `3.11.2+`): it is the numbers that count. */
function isInRange(version: string, range: string): boolean {
  const comparable = semver.coerce(version);
  return range === '*' || version === range || (comparable !== null && semver.satisfies(comparable, range));
}
