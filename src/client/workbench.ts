import { createEditor, type Editor } from './editor.ts';
import { element } from './element.ts';
import type { Program } from './program.ts';

export interface Workbench extends Pick<Editor, 'markLine' | 'goToLine'> {
  readonly program: Program;
  /** Puts another program in place of this one; the editor's undo brings the old one back. No change by the user. */
  readonly load: (program: Program) => void;
  /** As without a script: the whole page comes anew. */
  readonly submit: () => void;
}

/** Puts the editor in the place of the form's text area; calls back when the user changes something. */
export function createWorkbench(onChange: () => void): Workbench {
  const form = element('program', HTMLFormElement);
  const area = element('source_code', HTMLTextAreaElement);
  const stdin = element('stdin', HTMLTextAreaElement);
  let isLoading = false;
  const hadFocus = document.activeElement === area;
  const editor = createEditor({
    parent: area.parentElement!,
    text: area.value,
    label: 'Program',
    describedBy: 'escape-hatch',
    styleNonce: document.querySelector<HTMLElement>('link[rel=stylesheet]')!.nonce ?? '',
    onChange() {
      if (!isLoading) onChange();
    },
  });
  form.querySelector('label[for=source_code]')!.remove();
  area.hidden = true;
  if (hadFocus) editor.focus();
  stdin.addEventListener('input', onChange);
  for (const id of ['escape-hatch', 'input-hint', 'stop']) element(id).hidden = false;

  return {
    get program() {
      return { source: editor.text, stdin: stdin.value };
    },
    load(program) {
      isLoading = true;
      editor.replaceText(program.source);
      isLoading = false;
      stdin.value = program.stdin;
      if (program.stdin !== '') element('given-input', HTMLDetailsElement).open = true;
    },
    submit() {
      area.value = editor.text;
      form.submit();
    },
    markLine: editor.markLine,
    goToLine: editor.goToLine,
  };
}
