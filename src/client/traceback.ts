/** Where a text names a line of the program. */
export interface LineReference {
  readonly index: number;
  readonly length: number;
  readonly line: number;
}

/** The program's name to Python: as the API runs it, and as the form does. */
export const programNames = { live: '/box/main.py', form: '<string>' } as const;
export type ProgramName = (typeof programNames)[keyof typeof programNames];

/** A frame of a traceback (of an exception group behind bars), and the place of a warning, as Python writes them. */
const REFERENCE = /^([ |]{0,80})(?:File "([^"\n]{1,80})", line (\d+)|(\S{1,80}):(\d+)(?=: ))/gm;

/** All places where a text names a line of the program of that name, in their order. */
export function lineReferences(text: string, programName: ProgramName): LineReference[] {
  return [...text.matchAll(REFERENCE)]
    .filter((match) => (match[2] ?? match[4]) === programName)
    .map(({ 0: whole, 1: indent = '', 3: frame, 5: warning, index }) => ({
      index: index + indent.length,
      length: whole.length - indent.length,
      line: Number(frame ?? warning),
    }));
}
