import { isIP } from 'node:net';
import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { defaultLimits } from './run/limits.ts';

const LARGEST = Number.MAX_SAFE_INTEGER;
const DAY_MS = 24 * 60 * 60_000;
const MIB = 1024 * 1024;
const cores = availableParallelism();

function wholeNumber(min: number, max = LARGEST) {
  const range = max === LARGEST ? `of at least ${min}` : `from ${min} to ${max}`;
  return z
    .string()
    .refine(
      (text) => /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max,
      `must be a whole number ${range}`,
    )
    .transform(Number);
}

function listOf(isMember: (text: string) => boolean, what: string) {
  return z
    .string()
    .transform((text) => (text === '' ? [] : text.split(',').map((member) => member.trim())))
    .refine((members) => members.every(isMember), `must be ${what}, separated by commas`);
}

const nonEmpty = z.string().min(1, 'must not be empty');

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const maxBits = isIP(address) === 6 ? 128 : 32;
  // A range of everybody would let anybody say where a request comes from.
  const fits = bits === undefined || (/^\d+$/.test(bits) && Number(bits) >= 1 && Number(bits) <= maxBits);
  return (
    ['loopback', 'linklocal', 'uniquelocal'].includes(text) ||
    (isIP(address) > 0 && fits && rest.length === 0)
  );
}

/** How many proxies are in front, or which addresses are: what Express calls `trust proxy`. */
const trustProxy = z.union(
  [wholeNumber(0, 16), listOf(isAddressRange, 'a number of proxies, or addresses or ranges')],
  {
    error: 'must be a number of proxies from 0 to 16, or addresses or ranges, separated by commas',
  },
);

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

interface Setting<Schema extends z.ZodType> {
  readonly schema: Schema;
  /** As it would stand in the environment. Null: unset, which means something of its own. */
  readonly fallback: string | null;
  readonly meaning: string;
}

function setting<Schema extends z.ZodType>(
  schema: Schema,
  fallback: string | number | null,
  meaning: string,
) {
  return { schema, fallback: fallback === null ? null : String(fallback), meaning } satisfies Setting<Schema>;
}

/** Every variable that the server reads, but for Docker's own TLS variables, which dockerode reads. */
export const settings = {
  HOST: setting(nonEmpty, '127.0.0.1', 'Address to listen on'),
  PORT: setting(wholeNumber(0, 65_535), 3000, 'Port to listen on; 0 takes a free one'),
  DOCKER_HOST: setting(
    z
      .string()
      .regex(/^(unix|tcp|ssh|http|https):\/\/.+/, 'must begin with unix://, tcp:// or ssh://')
      .optional(),
    null,
    "The engine; unset, Docker's default socket. `DOCKER_TLS_VERIFY` and `DOCKER_CERT_PATH` as for the Docker client",
  ),
  SANDBOX_IMAGE: setting(nonEmpty, 'python:3', 'Image of the sandboxes; it needs `python` on its PATH'),
  SANDBOX_RUNTIME: setting(
    nonEmpty.optional(),
    null,
    "OCI runtime of the sandboxes; unset, the engine's default",
  ),
  POOL_SIZE: setting(
    wholeNumber(0, 1000),
    2 * cores,
    'Sandboxes kept ready, about 14 MiB each; 0 makes each on demand',
  ),
  MAX_RUNNING: setting(wholeNumber(1, 1000), Math.min(4 * cores, 1000), 'Programs running at the same time'),
  MAX_WAITING: setting(
    wholeNumber(0, 100_000),
    256,
    'Requests waiting behind them; more are refused with 503',
  ),
  MAX_WAIT_MS: setting(
    wholeNumber(1, DAY_MS),
    30_000,
    'How long a request may wait before it is refused with 503',
  ),
  RUN_WALL_MS: setting(
    wholeNumber(1, DAY_MS),
    defaultLimits.wallMs,
    'Time from handing the program over to its end',
  ),
  RUN_CPU_MS: setting(wholeNumber(1, DAY_MS), defaultLimits.cpuMs, 'CPU time of everything in a sandbox'),
  RUN_MEMORY_BYTES: setting(
    wholeNumber(6 * MIB),
    defaultLimits.memoryBytes,
    'Memory of a sandbox, swap included',
  ),
  RUN_PIDS: setting(wholeNumber(2, 32_768), defaultLimits.pids, 'Processes and threads in a sandbox'),
  RUN_OUTPUT_BYTES: setting(
    wholeNumber(1, 64 * MIB),
    defaultLimits.outputBytes,
    'Output, on stdout and stderr each',
  ),
  BODY_BYTES: setting(wholeNumber(1, 256 * MIB), 4 * MIB, 'Body of a request, escapes included'),
  SOURCE_BYTES: setting(wholeNumber(1, 64 * MIB), defaultLimits.sourceBytes, 'A program'),
  STDIN_BYTES: setting(wholeNumber(0, 64 * MIB), defaultLimits.stdinBytes, 'Its standard input'),
  SCRATCH_BYTES: setting(
    wholeNumber(8192),
    defaultLimits.scratchBytes,
    'Files in /box and /tmp together; half of it each, and as much as a half in /dev/shm',
  ),
  RATE_LIMIT_PER_MINUTE: setting(
    wholeNumber(0, 1_000_000),
    0,
    'Runs a minute from one client address; 0 is no limit',
  ),
  TRUST_PROXY: setting(
    trustProxy,
    0,
    'Proxies in front whose `X-Forwarded-*` to believe: how many, or their addresses or ranges',
  ),
  ALLOWED_ORIGINS: setting(
    listOf(isOrigin, 'origins like https://kata.example.org'),
    '',
    'Other sites whose pages may post programs and call the API, separated by commas',
  ),
  LOG_LEVEL: setting(
    z.enum(logLevels, { error: `must be one of ${logLevels.join(', ')}` }),
    'info',
    `One of ${logLevels.join(', ')}`,
  ),
};

type Settings = typeof settings;
export type Config = { readonly [Name in keyof Settings]: z.output<Settings[Name]['schema']> };

/** The environment is unusable; the message has one line for each problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const schema = z.object(
  Object.fromEntries(Object.entries(settings).map(([name, { schema }]) => [name, schema])),
) as unknown as z.ZodType<Config>;

/**
 * Reads the configuration out of an environment. Variables that are not ours are ignored.
 * @throws ConfigError naming every variable that is unusable, with its value and what it must be.
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, { fallback }]) => [
      name,
      environment[name] ?? fallback ?? undefined,
    ]),
  );
  const parsed = schema.safeParse(values);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => {
    const name = String(path[0]);
    return `${name} ${message}, not ${JSON.stringify(values[name])}`;
  });
  throw new ConfigError(problems.join('\n'));
}
