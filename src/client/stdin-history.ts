import { invertedEffects } from '@codemirror/commands';
import { type Extension, StateEffect, type StateEffectType } from '@codemirror/state';
import { EditorView } from '@codemirror/view';

interface StdinChange {
  readonly from: string;
  readonly to: string;
}

/** Goes with a change of the text: what stands in the box "Input" gives way as well. */
export const changeStdin: StateEffectType<StdinChange> = StateEffect.define<StdinChange>();

/** Undo brings text and input back together. */
export function stdinHistory(onStdin: (stdin: string) => void): Extension {
  return [
    invertedEffects.of(({ effects }) =>
      effects
        .filter((effect) => effect.is(changeStdin))
        .map(({ value: { from, to } }) => changeStdin.of({ from: to, to: from })),
    ),
    EditorView.updateListener.of(({ transactions }) => {
      for (const effect of transactions.flatMap(({ effects }) => effects)) {
        if (effect.is(changeStdin)) onStdin(effect.value.to);
      }
    }),
  ];
}
