// The page, with a script: an editor in place of the text area, and programs that are seen to run.
import { connectDivider } from './divider.ts';
import { createDraft } from './draft.ts';
import { element } from './element.ts';
import { connectExamples } from './examples-menu.ts';
import { createResultView } from './result-view.ts';
import { createRunControl } from './run-control.ts';
import { createSharing } from './sharing.ts';
import { isSame } from './program.ts';
import { connectThemeSwitch } from './theme.ts';
import { createTyping } from './typing.ts';
import { followLineReferences } from './traceback-links.ts';
import { createWorkbench } from './workbench.ts';

const form = element('program', HTMLFormElement);
const reset = element('reset', HTMLAnchorElement);
const isEmbedded = document.body.classList.contains('embedded');

const view = createResultView();
const workbench = createWorkbench(changed);
const draft = createDraft(() => workbench.program);
const sharing = createSharing({
  current: () => workbench.program,
  onShared(program) {
    setAside();
    workbench.load(program, 'given'); // and stays the link's until somebody changes it
  },
  onProblem: view.complain,
});
const typing = createTyping({
  onText: (text) => control.write(text),
  onEnd: () => control.endInput(),
  onLeft: () => element('output').focus({ preventScroll: true }), // not the editor: what is still being typed was not meant for it
});
const control = createRunControl({
  view,
  typing,
  limits: { wallMs: Number(form.dataset['wallMs']), maxWaitMs: Number(form.dataset['maxWaitMs']) },
  onBusy,
  onFailure(line, program) {
    if (program.source === workbench.program.source) workbench.markLine(line);
  },
  runByForm: workbench.submit,
});
const menu = isEmbedded ? null : connectExamples({ onExample: replaceBy, onEarlier });

function onBusy(isBusy: boolean): void {
  const stop = element('stop', HTMLButtonElement);
  if (!isBusy && document.activeElement === stop) element('run').focus(); // not to leave the keyboard nowhere
  stop.disabled = !isBusy;
}

/** The text is the user's own. In a frame it is not kept: what is kept is the full page's. */
function changed(): void {
  if (isEmbedded) return;
  draft.changed();
  sharing.changed();
}

/** By an example, or what the page begins with. */
function replaceBy(source: string): void {
  setAside();
  workbench.load({ source, stdin: '' }, 'given');
  changed();
}

/** What the user wrote, and what is about to give way to something else, is still to be had. */
function setAside(): void {
  if (!menu || !isUsers()) return;
  draft.setAside(workbench.program);
  menu.offerEarlier(true);
}

/** An example that somebody has typed is not worth keeping, either. */
function isUsers(): boolean {
  const { program } = workbench;
  return workbench.isOwn && !(menu?.has(program.source) && program.stdin === '');
}

function onEarlier(): void {
  const earlier = draft.takeEarlier(isUsers() ? workbench.program : null);
  if (earlier) {
    workbench.load(earlier, 'user');
    changed();
  }
  menu?.offerEarlier(draft.hasEarlier());
}

/** Puts what was kept where it was, or within reach if there is something else now. */
function restore(): void {
  const kept = draft.read();
  if (workbench.wasChanged) changed();
  if (kept && form.dataset['mayRestore'] === 'true' && !workbench.wasChanged) workbench.load(kept, 'user');
  else if (kept && !isSame(kept, workbench.program)) draft.setAside(kept);
  menu?.offerEarlier(draft.hasEarlier());
}

function showResult(): void {
  element('result').scrollIntoView({ block: 'nearest' });
}

function run(): void {
  showResult(); // it is below the program, on a phone
  workbench.markLine(null);
  void control.run(workbench.program).then(() => {
    // It has grown since. Whoever has gone back to the program meanwhile is left there.
    if (element('result').getBoundingClientRect().top < window.innerHeight) showResult();
  });
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
element('stop').addEventListener('click', control.stop);
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation(); // it is a line break in the editor
    if (!event.repeat) run();
  },
  true,
);
reset.addEventListener('click', (event) => {
  event.preventDefault();
  replaceBy(reset.dataset['source'] ?? '');
  if (isEmbedded) void sharing.open();
  else draft.forget();
});
followLineReferences(element('output'), workbench.goToLine);

if (!isEmbedded) {
  connectThemeSwitch(element('theme', HTMLSelectElement));
  restore();
}
connectDivider(element('divider'), element('panes'));
void view.adopt().then(workbench.markLine);
void sharing.open();
