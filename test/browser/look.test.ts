import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { output, program, runToEnd, serverAndBrowser, start, verdict } from './page.ts';

const site = serverAndBrowser();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const everyColour = String.raw`import sys
for n in (*range(30, 38), *range(90, 98)):
    print(f"\x1b[{n}mcolour {n}\x1b[0m", flush=True)
1/0`;

/** What axe finds, but for what it finds of no consequence. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate<AxeResults>('axe.run()');
  return violations.flatMap(({ id, impact, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${impact} ${id}: ${html}: ${failureSummary}`),
  );
}

/** Each state of the page that looks different. */
const states: Record<string, (page: Page) => Promise<unknown>> = {
  'at first': async () => {},
  'with a traceback and every colour': (page) => runToEnd(page, everyColour),
  'while it runs': async (page) => {
    await start(page, 'print("waiting")\ninput()');
    await page.locator('#typing').waitFor();
    await page.locator('#verdict', { hasText: 'Running' }).waitFor();
  },
  'with the menu and the input open': async (page) => {
    await page.getByText('Input', { exact: true }).click();
    await page.getByText('Examples').click();
  },
  'with the search open': async (page) => {
    await program(page).press('Control+f');
    await page.getByPlaceholder('Find').pressSequentially('i');
  },
  'with a program that was refused': async (page) => {
    await page.goto(`${site.server.url}/#code=x`);
    await page.reload();
    await page.getByText('The link is damaged').waitFor();
  },
};

const looks: Record<string, BrowserContextOptions> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'light, on a phone': { colorScheme: 'light', viewport: { width: 360, height: 740 } },
};

describe.each(Object.entries(looks))('in %s', (_look, options) => {
  it.each(Object.entries(states))('nobody is shut out of the page %s', async (_state, reach) => {
    await using visited = await site.visit('/', options);
    await reach(visited.page);
    expect(await violations(visited.page)).toEqual([]);
  });
});

it.each(['light', 'dark'] as const)(
  'nobody is shut out of the page without a script, in %s',
  async (colorScheme) => {
    // With a script, for axe, but not ours.
    await using visited = await site.visit('about:blank', { colorScheme });
    const { page } = visited;
    await page.route('**/built/*.js', (route) => route.abort());
    await page.goto(site.server.url);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Program').fill('print(1)\n1/0');
    await page.getByRole('button', { name: 'Run' }).click();
    await page.waitForURL('**/send_code#result');
    expect(await violations(page)).toEqual([]);
  },
);

async function width(page: Page, id: string): Promise<number> {
  return page.evaluate<number>(`document.getElementById('${id}').getBoundingClientRect().width`);
}

describe('the panes', () => {
  it('are divided where the user wants, by pointer and by keys, and stay so', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    const before = await width(page, 'program');
    const box = (await page.locator('#divider').boundingBox())!;
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x + 200, y, { steps: 5 });
    await page.mouse.up();
    expect(await width(page, 'program')).toBeCloseTo(before + 200, -1);
    await page.getByRole('separator').press('ArrowLeft');
    expect(await width(page, 'program')).toBeLessThan(before + 190);
    await page.getByRole('separator').press('Home');
    expect(await page.getByRole('separator').getAttribute('aria-valuenow')).toBe('20');
    const dragged = await width(page, 'program');
    await page.reload();
    expect(await width(page, 'program')).toBe(dragged);
    await page.getByRole('separator').dblclick();
    expect(await width(page, 'program')).toBe(before);
  });

  it('fill a wide page, and scroll by themselves', async () => {
    await using visited = await site.visit('/', { viewport: { width: 1280, height: 720 } });
    const { page } = visited;
    await runToEnd(page, 'for i in range(500): print(i)');
    const [scroll, client] = await page.evaluate<[number, number]>(
      '[document.documentElement.scrollHeight, document.documentElement.clientHeight]',
    );
    expect(scroll).toBe(client);
    expect(await page.evaluate<number>('document.getElementById("output").scrollTop')).toBeGreaterThan(1000);
  });

  it.each([
    ['on a phone', { width: 360, height: 740 }],
    ['at 200 % on a laptop', { width: 640, height: 360 }],
    ['at 400 %', { width: 320, height: 256 }],
  ])('are one below the other %s, and nothing sticks out', async (_where, viewport) => {
    await using visited = await site.visit('/', { viewport });
    const { page } = visited;
    await runToEnd(page, `print("x" * 500)\nprint("${'y'.repeat(300)}")`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    const [upper, lower] = [
      await page.locator('#program').boundingBox(),
      await page.locator('#result').boundingBox(),
    ];
    expect(lower!.y).toBeGreaterThanOrEqual(upper!.y + upper!.height);
    const ending = (await verdict(page).boundingBox())!;
    expect(ending.y + ending.height).toBeLessThanOrEqual(viewport.height); // nobody has to look for it
    expect(await output(page).isVisible()).toBe(true);
  });

  it('on a phone, the result comes into view', async () => {
    await using visited = await site.visit('/', { viewport: { width: 360, height: 740 } });
    const { page } = visited;
    await runToEnd(page, `${'# line\n'.repeat(80)}print("down here\\n" * 40)`);
    const result = (await page.locator('#result').boundingBox())!;
    expect(result.y).toBeGreaterThanOrEqual(0);
    expect(result.y + result.height).toBeLessThanOrEqual(740);
  });
});

describe('the theme', () => {
  it('is the system’s, until the user chooses one, for good', async () => {
    await using visited = await site.visit('/', { colorScheme: 'dark' });
    const { page } = visited;
    const brightness = () =>
      page.evaluate<number>(
        'getComputedStyle(document.body).backgroundColor.match(/\\d+/g).reduce((sum, part) => sum + Number(part), 0)',
      );
    expect(await brightness()).toBeLessThan(200);
    await page.getByLabel('Theme').selectOption('light');
    expect(await brightness()).toBeGreaterThan(600);
    await page.reload();
    expect(await brightness()).toBeGreaterThan(600);
    await page.getByLabel('Theme').selectOption('system');
    expect(await brightness()).toBeLessThan(200);
  });
});

describe('who does not see the page', () => {
  it('hears output and ending politely, problems at once, and no flood', async () => {
    await using visited = await site.visit();
    const { page } = visited;
    await runToEnd(page, 'print("hi")');
    expect(await output(page).getAttribute('role')).toBe('log');
    expect(await output(page).getAttribute('aria-live')).toBeNull(); // a log is polite by itself
    expect(await page.getByRole('status').last().innerText()).toMatch(/^Finished in/);
    await runToEnd(page, 'print("x\\n" * 5000)');
    expect(await output(page).getAttribute('aria-live')).toBe('off');
    await runToEnd(page, 'import time\nfor i in range(9):\n    print(i)\n    time.sleep(0.05)');
    expect(await output(page).getAttribute('aria-live')).toBeNull(); // in many bits, but they are little
  });
});
