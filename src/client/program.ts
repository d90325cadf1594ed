/** What the user has written. */
export interface Program {
  readonly source: string;
  /** Given beforehand, and then its input is at its end; empty: it is typed while it runs. */
  readonly stdin: string;
}

export const isSame = (one: Program, other: Program) =>
  one.source === other.source && one.stdin === other.stdin;

export const isBlank = ({ source, stdin }: Program) => `${source}${stdin}`.trim() === '';
