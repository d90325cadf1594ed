import type { Program } from './program.ts';

/** For a POSIX shell: as it stands, whatever is in it. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const DELIMITERS = ['PYTHON', 'EOF', 'KATA', '%PYTHON%', '?PYTHON?'];

/**
 * A line that does not occur in the text and, if it can be, has another first character than all of its lines: dash 0.5.12
 * loses a byte of a character that is not ASCII if all that stands before it is a beginning of the delimiter.
 */
function delimiterFor(text: string): string {
  const lines = text.split('\n');
  const begins = (beginning = '') => lines.some((line) => line.startsWith(beginning));
  let delimiter = DELIMITERS.find(([first]) => !begins(first)) ?? 'PYTHON';
  while (begins(delimiter)) delimiter += '_';
  return delimiter;
}

/**
 * A command for a POSIX shell that runs the program. It comes as a here-document, which has no quotes to mind and may be
 * larger than an argument; the shell ends it with a line break, if it has none.
 */
export function curlCommand({ source, stdin }: Program, origin: string): string {
  const delimiter = delimiterFor(source);
  const input = stdin === '' ? '' : ` --data-urlencode ${quoted(`stdin=${stdin}`)}`;
  const text = source === '' || source.endsWith('\n') ? source : `${source}\n`;
  return `curl ${quoted(`${origin}/send_code`)} --data-urlencode source_code@-${input} <<'${delimiter}'\n${text}${delimiter}\n`;
}
