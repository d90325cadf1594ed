import { StateEffect, StateField, type Text } from '@codemirror/state';
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view';

/** Marks the line of that number; null marks none. */
export const setMarkedLine = StateEffect.define<number | null>();

const mark = Decoration.line({ class: 'cm-marked-line' });

function markAt(doc: Text, line: number | null): DecorationSet {
  if (line === null || line < 1 || line > doc.lines) return Decoration.none;
  return Decoration.set(mark.range(doc.line(line).from));
}

/** The line where the program failed, until the program is another. */
export const markedLine = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const kept = transaction.docChanged ? Decoration.none : marks;
    return transaction.effects.reduce(
      (marks, effect) => (effect.is(setMarkedLine) ? markAt(transaction.state.doc, effect.value) : marks),
      kept,
    );
  },
  provide: (field) => EditorView.decorations.from(field),
});
