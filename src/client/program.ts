/** What the user has written. */
export interface Program {
  readonly source: string;
  /** Given beforehand, and then its input is at its end; empty: it is typed while it runs. */
  readonly stdin: string;
}
