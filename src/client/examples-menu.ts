import { element } from './element.ts';

export interface ExamplesMenu {
  /** Whether the text is as it comes from the menu: there is nothing of the user's in it. */
  readonly has: (source: string) => boolean;
  /** Whether there is something to be brought back. */
  readonly offerEarlier: (has: boolean) => void;
}

export interface ExamplesMenuOptions {
  readonly onExample: (source: string) => void;
  readonly onEarlier: () => void;
}

/** The menu of examples, whose links load the page anew without a script, and of what they took the place of. */
export function connectExamples({ onExample, onEarlier }: ExamplesMenuOptions): ExamplesMenu {
  const details = element('examples', HTMLDetailsElement);
  const earlier = element('earlier');
  const summary = details.querySelector('summary')!;
  const sources = new Set(Array.from(details.querySelectorAll('a'), ({ dataset }) => dataset['source']));

  function close(): void {
    if (details.contains(document.activeElement)) summary.focus();
    details.open = false;
  }

  details.addEventListener('click', (event) => {
    const link = (event.target as Element).closest('a');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    close();
    onExample(link.dataset['source'] ?? '');
  });
  earlier.addEventListener('click', () => {
    close();
    onEarlier();
  });
  details.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape' && details.open) close();
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!details.contains(target as Node)) details.open = false;
  });
  return {
    has: (source) => sources.has(source),
    offerEarlier(has) {
      earlier.hidden = !has;
    },
  };
}
