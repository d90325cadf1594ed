/**
 * Copies a text that is still being made: Safari copies only within the click that asked for it. By plain HTTP there is no
 * `navigator.clipboard`, but there is still the old way.
 */
export async function copyText(text: Promise<string>): Promise<boolean> {
  try {
    await navigator.clipboard.write([
      new ClipboardItem({ 'text/plain': text.then((text) => new Blob([text], { type: 'text/plain' })) }),
    ]);
    return true;
  } catch {
    return copyBySelection(await text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'for-copying';
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}
