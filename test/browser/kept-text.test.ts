import { describe, expect, it } from 'vitest';
import {
  button,
  giveInput,
  output,
  program,
  programText,
  runToEnd,
  serverAndBrowser,
  write,
} from './page.ts';

const site = serverAndBrowser();

describe('the text', () => {
  it('survives a reload, input and all, and Reset brings the example back', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const example = await programText(page);
    const source = 'print("kept ünïcode")\n\n\n# end';
    await write(page, source);
    await giveInput(page, 'given');
    await page.reload(); // at once: it is kept without a pause, too
    expect(await programText(page)).toBe(source);
    expect(await page.locator('#stdin').inputValue()).toBe('given');
    await page.getByRole('link', { name: 'Reset' }).click();
    expect(await programText(page)).toBe(example);
    await page.reload();
    expect(await programText(page)).toBe(example);
  });

  it('that Reset or an example replaced comes back by undo', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: /reads what you type/ }).click();
    expect(await programText(page)).toContain('random.randint');
    expect(await page.locator('#examples ul').isVisible()).toBe(false);
    await program(page).press('Control+z');
    expect(await programText(page)).toBe('mine = 1');
  });

  it('of an example in the address is that example until it is changed, and what was kept can be had again', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await page.goto(`${site.server.url}/?example=traceback`);
    expect(await programText(page)).toMatch(/^prices/);
    await write(page, 'changed = 1');
    await page.reload();
    expect(page.url()).toBe(`${site.server.url}/`);
    expect(await programText(page)).toBe('changed = 1');
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('mine = 1');
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('changed = 1');
  });

  it('and the input that an example took the place of can be had again, after a reload as well', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await giveInput(page, 'given');
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: /reads what you type/ }).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Examples');
    expect(await page.locator('#stdin').inputValue()).toBe('');
    await page.reload();
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('mine = 1');
    expect(await page.locator('#stdin').inputValue()).toBe('given');
  });

  it('that was kept is where undo ends, not the example', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await page.reload();
    for (let times = 0; times < 3; times += 1) await program(page).press('Control+z');
    expect(await programText(page)).toBe('mine = 1');
  });

  it('comes back by undo with the input that it had', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'mine = 1');
    await giveInput(page, 'given');
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: 'FizzBuzz' }).click();
    expect(await page.locator('#stdin').inputValue()).toBe('');
    await program(page).press('Control+z');
    expect(await programText(page)).toBe('mine = 1');
    expect(await page.locator('#stdin').inputValue()).toBe('given');
  });

  it('is not lost if it is nothing but input', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, '');
    await giveInput(page, 'precious');
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: 'FizzBuzz' }).click();
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await page.locator('#stdin').inputValue()).toBe('precious');
  });

  it('is not lost for its length', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const long = (name: string) => `${name} = 1\n${'#'.repeat(700_000)}`;
    for (const name of ['first', 'second']) {
      await write(page, long(name));
      await page.getByText('Examples').click();
      await page.getByRole('link', { name: 'FizzBuzz' }).click();
    }
    for (const name of ['second', 'first', 'second']) {
      await page.getByText('Examples').click();
      await button(page, 'What was here before').click();
      expect(await page.locator('.cm-line').first().innerText()).toBe(`${name} = 1`);
    }
  });

  it('that was typed before the script had loaded stays, and what was kept can be had again', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await write(page, 'kept = 1');
    let letScriptLoad = () => {};
    const script = new Promise<void>((resolve) => (letScriptLoad = resolve));
    await page.route('**/built/main-*.js', (route) => script.then(() => route.continue()));
    await page.reload({ waitUntil: 'commit' });
    await page.locator('#source_code').fill('typed = 1');
    letScriptLoad();
    await page.locator('.cm-content').waitFor();
    expect(await programText(page)).toBe('typed = 1');
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('kept = 1');
  });

  it('of one tab is not lost to another', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const other = await page.context().newPage();
    await other.goto(site.server.url);
    await write(page, 'one = 1');
    await write(other, 'two = 2');
    await other.close({ runBeforeUnload: true });
    await page.reload();
    expect(await programText(page)).toBe('one = 1');
  });

  it('is not kept, but works, where the browser keeps nothing', async () => {
    await using visited = await site.visit('about:blank');
    const { page, complaints } = visited;
    await page.addInitScript(
      "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('denied', 'SecurityError') } })",
    );
    await page.goto(site.server.url);
    await runToEnd(page, 'print(1)');
    expect(await output(page).innerText()).toBe('1\n');
    await page.getByText('Examples').click();
    await page.getByRole('link', { name: 'FizzBuzz' }).click();
    await page.getByText('Examples').click();
    await button(page, 'What was here before').click();
    expect(await programText(page)).toBe('print(1)');
    expect(complaints).toEqual([]);
  });
});
