import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import express from 'express';
import { describe, expect, it } from 'vitest';
import { type Config, ConfigError, parseConfig, settings } from '../../src/config.ts';
import { defaultLimits } from '../../src/run/limits.ts';

const cores = availableParallelism();
const MIB = 1024 * 1024;

function problemsWith(environment: Record<string, string>): string[] {
  try {
    parseConfig(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n');
    throw error;
  }
}

describe('the configuration', () => {
  it('of an empty environment has these values', () => {
    expect(parseConfig({})).toEqual({
      HOST: '127.0.0.1',
      PORT: 3000,
      SANDBOX_IMAGE: 'python:3',
      POOL_SIZE: 2 * cores,
      MAX_RUNNING: 4 * cores,
      MAX_WAITING: 256,
      MAX_WAIT_MS: 30_000,
      RUN_WALL_MS: defaultLimits.wallMs,
      RUN_CPU_MS: defaultLimits.cpuMs,
      RUN_MEMORY_BYTES: defaultLimits.memoryBytes,
      RUN_PIDS: defaultLimits.pids,
      RUN_OUTPUT_BYTES: defaultLimits.outputBytes,
      BODY_BYTES: 4 * MIB,
      SOURCE_BYTES: defaultLimits.sourceBytes,
      STDIN_BYTES: defaultLimits.stdinBytes,
      SCRATCH_BYTES: defaultLimits.scratchBytes,
      RATE_LIMIT_PER_MINUTE: 0,
      TRUST_PROXY: 0,
      ALLOWED_ORIGINS: [],
      LOG_LEVEL: 'info',
    });
  });

  it('ignores what is not ours', () => {
    expect(parseConfig({ PATH: '/bin', PORTS: 'x', DOCKER_CERT_PATH: '/certs' })).toEqual(parseConfig({}));
  });

  it.each<[keyof Config, string, unknown]>([
    ['HOST', '::', '::'],
    ['PORT', '0', 0],
    ['PORT', '65535', 65_535],
    ['DOCKER_HOST', 'unix:///var/run/docker.sock', 'unix:///var/run/docker.sock'],
    ['DOCKER_HOST', 'tcp://10.0.0.1:2376', 'tcp://10.0.0.1:2376'],
    ['DOCKER_HOST', 'ssh://me@host', 'ssh://me@host'],
    ['SANDBOX_RUNTIME', 'runsc', 'runsc'],
    ['POOL_SIZE', '0', 0],
    ['MAX_RUNNING', '1', 1],
    ['MAX_WAITING', '0', 0],
    ['RUN_MEMORY_BYTES', '8589934592', 8_589_934_592],
    ['STDIN_BYTES', '0', 0],
    ['TRUST_PROXY', '1', 1],
    ['TRUST_PROXY', 'loopback, 10.0.0.0/8', ['loopback', '10.0.0.0/8']],
    ['TRUST_PROXY', 'fd00::/8', ['fd00::/8']],
    ['ALLOWED_ORIGINS', '', []],
    [
      'ALLOWED_ORIGINS',
      'https://a.example, http://localhost:8080',
      ['https://a.example', 'http://localhost:8080'],
    ],
    ['LOG_LEVEL', 'silent', 'silent'],
  ])('reads %s=%s', (name, text, value) => {
    expect(parseConfig({ [name]: text })[name]).toEqual(value);
  });

  it.each([
    ['PORT', ['', ' ', '80 ', '-1', '+1', '1.5', '1e3', '0x10', '65536', 'http', '٣', 'NaN', 'Infinity']],
    ['POOL_SIZE', ['-1', '1001', 'auto']],
    ['MAX_RUNNING', ['0', '1001']],
    ['MAX_WAITING', ['-1', '100001']],
    ['MAX_WAIT_MS', ['0', '86400001', '15s']],
    ['RUN_WALL_MS', ['0', '86400001', '10s']],
    ['RUN_CPU_MS', ['0', '86400001']],
    ['RUN_MEMORY_BYTES', ['0', '6291455', '128m', '9007199254740992']],
    ['RUN_PIDS', ['1', '32769', '-1']],
    ['RUN_OUTPUT_BYTES', ['0', '67108865', '1MiB']],
    ['BODY_BYTES', ['0', '268435457']],
    ['SOURCE_BYTES', ['0', '67108865']],
    ['STDIN_BYTES', ['-1', '67108865']],
    ['SCRATCH_BYTES', ['0', '8191']],
    ['RATE_LIMIT_PER_MINUTE', ['-1', '1000001']],
    ['HOST', ['']],
    ['SANDBOX_IMAGE', ['']],
    ['SANDBOX_RUNTIME', ['']],
    ['DOCKER_HOST', ['', '/var/run/docker.sock', 'unix://', 'ftp://host', ' tcp://host']],
    ['TRUST_PROXY', ['17', '-1', 'true', 'all', '10.0.0.0/33', '10.0.0.0/', '::1/129', '10.0.0/8', '1,,2']],
    ['TRUST_PROXY', ['0.0.0.0/0', '::/0']],
    ['ALLOWED_ORIGINS', ['*', 'null', 'a.example', 'https://a.example/', 'https://a.example,', 'file:///x']],
    [
      'ALLOWED_ORIGINS',
      ['https://a.example:443', 'HTTPS://a.example', 'https://a.example https://b.example'],
    ],
    ['LOG_LEVEL', ['', 'INFO', 'verbose']],
  ])('refuses %s=%j, naming it and what it is', (name, values) => {
    for (const value of values) {
      const [problem, ...more] = problemsWith({ [name]: value });
      expect(problem).toMatch(new RegExp(`^${name} must .+`));
      expect(problem).toContain(`, not ${JSON.stringify(value)}`);
      expect(more).toEqual([]);
    }
  });

  it('reports every problem at once, one a line', () => {
    const problems = problemsWith({ PORT: 'http', MAX_RUNNING: '0', LOG_LEVEL: 'loud', HOST: '0.0.0.0' });
    expect(problems).toEqual([
      'PORT must be a whole number from 0 to 65535, not "http"',
      'MAX_RUNNING must be a whole number from 1 to 1000, not "0"',
      'LOG_LEVEL must be one of fatal, error, warn, info, debug, trace, silent, not "loud"',
    ]);
  });

  it.each(['0', '16', 'loopback', 'linklocal,uniquelocal', '10.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8', ''])(
    'lets no TRUST_PROXY through that Express refuses: %j',
    (text) => {
      const { TRUST_PROXY } = parseConfig({ TRUST_PROXY: text });
      expect(() => express().set('trust proxy', TRUST_PROXY)).not.toThrow();
    },
  );
});

describe('the table in README.md', () => {
  /** The rows `| NAME | default | meaning |`, with the name in backticks. */
  function tableRows(markdown: string): [name: string, fallback: string, meaning: string][] {
    return markdown.split('\n').flatMap((line) => {
      const [, name, fallback, meaning] = /^\|\s*`([A-Z][A-Z_]+)`\s*\|([^|]*)\|(.*)\|\s*$/.exec(line) ?? [];
      if (name === undefined) return [];
      return [[name, fallback!.trim().replace(/^`(.*)`$/, '$1'), meaning!.trim()]];
    });
  }

  it('names each setting, its default and its meaning, as the code has them', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const perCore: Record<string, string> = { POOL_SIZE: '2 × cores', MAX_RUNNING: '4 × cores' };
    const expected = Object.entries(settings).map(([name, { fallback, meaning }]) => [
      name,
      perCore[name] ?? fallback ?? '',
      meaning,
    ]);
    expect(tableRows(readme)).toEqual(expected);
  });
});
