import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';
import { startServer, type TestServer } from '../server.ts';
import { launchChromium, visit, type VisitedPage } from './browser.ts';

/** A server and a browser for the tests of one file. */
export function serverAndBrowser(environment: Record<string, string> = {}) {
  let server: TestServer;
  let browser: Browser;
  beforeAll(async () => {
    [server, browser] = await Promise.all([
      startServer({ POOL_SIZE: '2', ...environment }),
      launchChromium(),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await server?.[Symbol.asyncDispose]();
  });
  return {
    get server() {
      return server;
    },
    get browser() {
      return browser;
    },
    visit(path = '/', options: BrowserContextOptions = {}): Promise<VisitedPage> {
      return visit(browser, new URL(path, server.url).href, options);
    },
  };
}

export const program = (page: Page) => page.getByLabel('Program');
export const output = (page: Page) => page.getByLabel('Output');
export const verdict = (page: Page) => page.locator('#verdict [role=status]');
export const problem = (page: Page) => page.locator('#problem[role=alert]');
export const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

/** Opens the box for it, and fills it. */
export async function giveInput(page: Page, text: string): Promise<void> {
  await page.getByText('Input', { exact: true }).click();
  await page.getByLabel('Input', { exact: true }).fill(text);
}

/** Waits until the page says that it ended so. */
export function ended(page: Page, how: string | RegExp): Promise<void> {
  return page.locator('#verdict', { hasText: how }).waitFor();
}

/** Puts a program in the place of what is there, as one paste. */
export async function write(page: Page, source: string): Promise<void> {
  await program(page).press('Control+a');
  if (source === '') await page.keyboard.press('Delete');
  else await page.keyboard.insertText(source);
}

/** Runs a program and waits until the page says how it ended. */
export async function runToEnd(page: Page, source: string): Promise<void> {
  await start(page, source);
  await page.locator('#result:not([data-running])[class]:not([class=""])').waitFor();
}

export async function start(page: Page, source: string): Promise<void> {
  await write(page, source);
  await button(page, 'Run').click();
}

/** The program, as the editor has it; of a long one only what is near. */
export async function programText(page: Page): Promise<string> {
  return (await page.locator('.cm-line').allTextContents()).join('\n');
}
