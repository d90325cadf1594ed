const references: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

const unescape = (html: string) => html.replaceAll(/&(?:lt|gt|quot|#34|#39|amp);/g, (it) => references[it]!);

/** What a browser makes of an element's content: the first line break after the opening tag is dropped. */
function textIn(html: string, opening: RegExp, closing: string): string {
  const start = opening.exec(html);
  if (!start) throw new Error(`no ${opening} in ${html}`);
  const from = start.index + start[0].length;
  return html.slice(from, html.indexOf(closing, from)).replace(/^\n/, '');
}

/** The text in a text area, as its user sees it. */
export function typedText(html: string, name: string): string {
  return unescape(textIn(html, new RegExp(`<textarea[^>]* name="${name}"[^>]*>`), '</textarea>'));
}

/** The program's output, with the stream that each piece came from. */
export function shownOutput(html: string): { stream: string; text: string }[] {
  const inside = textIn(html, /<pre id="output"[^>]*>/, '</pre>');
  const pieces = [...inside.matchAll(/<span class="(\w+)"(?: data-amid-line)?>([^<]*)<\/span>/g)];
  if (pieces.map(([whole]) => whole).join('') !== inside) throw new Error(`markup in the output: ${inside}`);
  return pieces.map(([, stream, text]) => ({ stream: stream!, text: unescape(text!) }));
}

/** The text of the element with that id, without its tags. */
export function textOf(html: string, id: string): string {
  const [, tag] = new RegExp(`<(\\w+) id="${id}"`).exec(html) ?? [];
  if (tag === undefined) throw new Error(`no #${id} in ${html}`);
  const inside = textIn(html, new RegExp(`<${tag} id="${id}"[^>]*>`), `</${tag}>`);
  return unescape(inside.replaceAll(/<[^>]*>/g, '')).trim();
}

/** Whether the page says that nothing ran, and why. */
export const errorOn = (html: string) => textOf(html, 'problem').replace(/^No result\.\s*/, '');
