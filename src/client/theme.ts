import { stored } from './stored.ts';

export const storedTheme = stored('theme');

/** Light or dark; anything else leaves it to the system. */
export function applyTheme(theme: string | null): void {
  const { dataset } = document.documentElement;
  if (theme === 'light' || theme === 'dark') dataset['theme'] = theme;
  else delete dataset['theme'];
}

/** Lets the reader choose. */
export function connectThemeSwitch(select: HTMLSelectElement): void {
  select.hidden = false;
  select.value = document.documentElement.dataset['theme'] ?? 'system';
  select.addEventListener('change', () => {
    storedTheme.write(select.value === 'system' ? null : select.value);
    applyTheme(select.value);
  });
}
