/** An element of the page that views/index.ejs promises. */
export function element<T extends HTMLElement>(id: string, type: new () => T): T;
export function element(id: string): HTMLElement;
export function element(id: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no #${id}, or it is something else`);
  return found;
}
