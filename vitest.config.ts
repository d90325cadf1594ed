import { defineConfig } from 'vitest/config';

const project = (name: string, options: object = {}) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], ...options },
});

// One engine and two cores: what uses them waits for what else does.
const withEngine = (groupOrder: number) => ({
  fileParallelism: false,
  sequence: { groupOrder },
  testTimeout: 60_000,
  hookTimeout: 60_000,
});

export default defineConfig({
  test: {
    reporters: ['default', './test/closing-line-reporter.ts'],
    projects: [
      project('unit'),
      project('http'),
      project('sandbox', withEngine(1)),
      project('browser', withEngine(2)),
    ],
  },
});
