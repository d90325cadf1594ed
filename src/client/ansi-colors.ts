import { type createAnsiSequenceParser, createColorPalette, namedColors } from 'ansi-sequence-parser';

type Color = Parameters<ReturnType<typeof createColorPalette>['value']>[0];
export type Token = ReturnType<ReturnType<typeof createAnsiSequenceParser>['parse']>[number];

/** As in CSS; null is the page's own. */
export interface Colors {
  readonly color: string | null;
  readonly background: string | null;
}

/** WCAG 2.2, 1.4.3 (AA). */
const MIN_CONTRAST = 4.5;

// On the page's own ground named colours are the style sheet's, so that they can be read on a light page as on a dark one;
// a ground of the program's own is the same on both, and so is what stands on it.
const ofThePage = createColorPalette(
  Object.fromEntries(namedColors.map((name) => [name, `var(--ansi-${name})`])) as Record<
    (typeof namedColors)[number],
    string
  >,
);
const ofATerminal = createColorPalette();

/** The colours of a piece of output: on a background of its own with a foreground that can be read. */
export function colorsOf({ foreground, background, decorations }: Token): Colors {
  const isReversed = decorations.has('reverse');
  const [front, back] = isReversed ? [background, foreground] : [foreground, background];
  const ground = back && (ofATerminal.value(back) as string | undefined); // there is none for a number over 255
  if (ground) return { color: readableOn(ground, front), background: ground };
  if (isReversed) return { color: 'var(--surface)', background: 'var(--ink)' };
  return { color: (front && ofThePage.value(front)) ?? null, background: null };
}

/** A colour that was chosen by its number is left as it is: pictures are drawn with them. */
function readableOn(ground: string, front: Color | null): string {
  const color = front && (ofATerminal.value(front) as string | undefined);
  if (color && (front.type !== 'named' || contrast(color, ground) >= MIN_CONTRAST)) return color;
  return contrast('#000000', ground) > contrast('#ffffff', ground) ? '#000000' : '#ffffff';
}

/** Between 1 and 21; WCAG 2.2, "contrast ratio". */
function contrast(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (lighter + 0.05) / (darker + 0.05);
}

/** Of `#rrggbb`, between 0 and 1; WCAG 2.2, "relative luminance". */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
