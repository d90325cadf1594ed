const MAX_COMPONENT_BYTES = 255; // NAME_MAX, linux/limits.h
const MAX_NAME_BYTES = 2048; // well under PATH_MAX, with room for /box and what the program adds

/** Why a file of this name cannot be put into the working directory, or null if it can. */
export function problemOfFileName(name: string): string | null {
  if (!name.isWellFormed()) return 'is not valid Unicode';
  if (name.includes('\0')) return 'must not contain NUL';
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) return `must be at most ${MAX_NAME_BYTES} bytes long`;
  if (name.startsWith('/')) return 'must be relative to the working directory';
  for (const component of name.split('/')) {
    if (['', '.', '..'].includes(component)) return `must not contain the component '${component}'`;
    if (Buffer.byteLength(component) > MAX_COMPONENT_BYTES) {
      return `must have components of at most ${MAX_COMPONENT_BYTES} bytes`;
    }
  }
  return null;
}

/** Why these names cannot be had side by side, naming the first that is in the way; null if they can. */
export function conflictOfFileNames(names: readonly string[]): string | null {
  const taken = new Set<string>();
  for (const name of names) {
    if (taken.has(name)) return `has two files named ${JSON.stringify(name)}`;
    taken.add(name);
  }
  const folder = names.find((name) => {
    const below = `${name}/`;
    return names.some((other) => other.startsWith(below));
  });
  return folder === undefined ? null : `has ${JSON.stringify(folder)} as a file and as a folder`;
}
