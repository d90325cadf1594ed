import { lineReferences, type ProgramName } from './traceback.ts';

/**
 * Makes a link of each place where stderr names a line of the program, and says the last of them, which is where it
 * failed; null if there is none.
 */
export function linkLineReferences(output: HTMLElement, programName: ProgramName): number | null {
  let last: number | null = null;
  for (const span of output.querySelectorAll('.stderr')) {
    const text = span.firstChild;
    if (!(text instanceof Text)) continue;
    let rest = text;
    let at = 0;
    for (const { index, length, line } of lineReferences(text.data, programName)) {
      const reference = rest.splitText(index - at);
      rest = reference.splitText(length);
      at = index + length;
      const link = document.createElement('a');
      link.href = '#program';
      link.dataset['line'] = String(line);
      reference.replaceWith(link);
      link.append(reference);
      last = line;
    }
  }
  return last;
}

/** Calls back with the line when such a link is followed. */
export function followLineReferences(output: HTMLElement, onLine: (line: number) => void): void {
  output.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a[data-line]');
    if (!(link instanceof HTMLElement)) return;
    event.preventDefault();
    onLine(Number(link.dataset['line']));
  });
}
