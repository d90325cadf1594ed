import { createEditor, type Editor } from './editor.ts';
import { element } from './element.ts';
import { isBlank, isSame, type Program } from './program.ts';

export interface Workbench extends Pick<Editor, 'markLine' | 'goToLine'> {
  readonly program: Program;
  /** Whether there is anything of the user's in it: neither blank nor as it was given. */
  readonly isOwn: boolean;
  /** Whether the user has changed it before there was a script to notice. */
  readonly wasChanged: boolean;
  /**
   * Puts another program in place of this one, the user's or one that was given (an example, a link); the editor's undo
   * brings the old one back. No change by the user.
   */
  readonly load: (program: Program, from: 'user' | 'given') => void;
  /** As without a script: the whole page comes anew. */
  readonly submit: () => void;
}

/** Puts the editor in the place of the form's text area; calls back when the user changes something. */
export function createWorkbench(onChange: () => void): Workbench {
  const form = element('program', HTMLFormElement);
  const area = element('source_code', HTMLTextAreaElement);
  const stdin = element('stdin', HTMLTextAreaElement);
  const served: Program = { source: area.defaultValue, stdin: stdin.defaultValue };
  const wasChanged = area.value !== served.source || stdin.value !== served.stdin;
  let given = form.dataset['mayRestore'] === 'true' ? served : null; // or it is what the user sent
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
    onStdin: showStdin,
  });
  form.querySelector('label[for=source_code]')!.remove();
  area.hidden = true;
  if (hadFocus) editor.focus();
  stdin.addEventListener('input', onChange);
  for (const id of ['escape-hatch', 'input-hint', 'stop']) element(id).hidden = false;

  function showStdin(text: string): void {
    stdin.value = text;
    if (text !== '') element('given-input', HTMLDetailsElement).open = true;
  }

  const current = (): Program => ({ source: editor.text, stdin: stdin.value });
  const isOwn = () => !isBlank(current()) && !(given && isSame(given, current()));

  return {
    get program() {
      return current();
    },
    get isOwn() {
      return isOwn();
    },
    wasChanged,
    load(program, from) {
      isLoading = true;
      editor.replace(program, { stdin: stdin.value, isMissed: isOwn() });
      isLoading = false;
      given = from === 'given' ? current() : null;
    },
    submit() {
      area.value = editor.text;
      form.submit();
    },
    markLine: editor.markLine,
    goToLine: editor.goToLine,
  };
}
