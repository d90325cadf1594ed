import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import {
  defaultKeymap,
  history,
  historyKeymap,
  indentWithTab,
  isolateHistory,
  undoDepth,
} from '@codemirror/commands';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState, Transaction } from '@codemirror/state';
import {
  crosshairCursor,
  drawSelection,
  dropCursor,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  rectangularSelection,
} from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { markedLine, setMarkedLine } from './marked-line.ts';
import type { Program } from './program.ts';
import { changeStdin, stdinHistory } from './stdin-history.ts';
import { typeOverSelection } from './type-over.ts';

export interface Editor {
  readonly text: string;
  /** Puts another text in its place, with its input; undo brings both back, unless nothing was done yet and nobody misses them. */
  readonly replace: (
    program: Program,
    replaced: { readonly stdin: string; readonly isMissed: boolean },
  ) => void;
  /** Marks a line until the text changes; null marks none. */
  readonly markLine: (line: number | null) => void;
  /** Puts the cursor there. */
  readonly goToLine: (line: number) => void;
  readonly focus: () => void;
}

export interface EditorOptions {
  readonly parent: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** Id of what says how to leave it by the keyboard. */
  readonly describedBy: string;
  /** The policy's, for the styles that CodeMirror writes into the page. */
  readonly styleNonce: string;
  readonly onChange: () => void;
  /** The text has come with another input, or gone back to one. */
  readonly onStdin: (stdin: string) => void;
}

// What it looks like is in style.css: classHighlighter only gives names to what it finds.
const extensions = [
  lineNumbers(),
  highlightActiveLineGutter(),
  highlightSpecialChars(),
  history(),
  drawSelection(),
  dropCursor(),
  EditorState.allowMultipleSelections.of(true),
  indentOnInput(),
  indentUnit.of('    '),
  EditorState.tabSize.of(4),
  syntaxHighlighting(classHighlighter),
  bracketMatching(),
  closeBrackets(),
  rectangularSelection(),
  crosshairCursor(),
  highlightActiveLine(),
  highlightSelectionMatches(),
  search({ top: true }),
  python(),
  markedLine,
  typeOverSelection,
  // Tab indents; Escape, then Tab, leaves: that is CodeMirror's own.
  keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, indentWithTab]),
];

/** CodeMirror, for Python. */
export function createEditor(options: EditorOptions): Editor {
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        extensions,
        EditorView.cspNonce.of(options.styleNonce),
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-describedby': options.describedBy,
          tabindex: '0',
        }),
        EditorView.updateListener.of(({ docChanged }) => {
          if (docChanged) options.onChange();
        }),
        stdinHistory(options.onStdin),
      ],
    }),
  });
  return {
    get text() {
      return view.state.doc.toString();
    },
    replace({ source, stdin }, replaced) {
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: source },
        effects: changeStdin.of({ from: replaced.stdin, to: stdin }),
        selection: { anchor: 0 },
        scrollIntoView: true,
        annotations: [
          isolateHistory.of('full'), // undone by itself, not with what was typed just before
          Transaction.addToHistory.of(replaced.isMissed || undoDepth(view.state) > 0),
        ],
      });
    },
    markLine(line) {
      view.dispatch({ effects: setMarkedLine.of(line) });
    },
    goToLine(line) {
      const { doc } = view.state;
      const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
      view.dispatch({
        selection: { anchor: from },
        effects: EditorView.scrollIntoView(from, { y: 'center' }),
      });
      view.focus();
    },
    focus() {
      view.focus();
    },
  };
}
