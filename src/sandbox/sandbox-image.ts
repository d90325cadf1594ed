import { readFileSync } from 'node:fs';
import { type LanguageName, languages } from '../run/languages.ts';
import type { SandboxImage } from './container-options.ts';

/** An image of the language with the launcher that this checkout has for it. */
export function sandboxImage(image: string, language: LanguageName): SandboxImage {
  const { launcher: file, command } = languages[language];
  const launcher = readFileSync(new URL(`../../launchers/${file}`, import.meta.url));
  return { image, command: command(launcher.length), launcher };
}
