import { expect, it } from 'vitest';
import { until } from '../server.ts';
import { containersOf, createTestRunner, image, stdoutOf, type TestRunner } from './engine.ts';

const goneWithin = ({ owner }: TestRunner, ms: number) =>
  until(
    async () => ((await containersOf(owner)).length === 0 ? true : undefined),
    'end of the container',
    ms,
  );

it('a container ends by itself, a moment behind the report of its run', async () => {
  await using sandbox = createTestRunner({ poolSize: 0 });
  expect(stdoutOf(await sandbox.run('print("hi")'))).toBe('hi\n');
  expect(await containersOf(sandbox.owner)).toHaveLength(1);
  await goneWithin(sandbox, 1000);
});

// Stands in for a program that has found the nonce in its memory, and runs on.
const forger = `import os, time
os.write(1, b'{"version":"3.0.0"}\\n')
header = eval(os.read(0, int(os.read(0, 8), 16)), {'null': None})
end = b'\\0katabox-end:' + header['nonce'].encode() + b'\\n'
os.write(1, end)
os.write(2, end + b'{"exitCode":0,"signalNumber":null,"limit":null,"cpuUs":1,"memoryBytes":1,"oomKills":0}\\n')
time.sleep(60)`;

it('a container that runs on behind a forged report is removed', async () => {
  const forging = { ...image, command: ['python', '-u', '-c', forger], launcher: Buffer.of() };
  await using sandbox = createTestRunner({ image: forging, poolSize: 0 });
  expect((await sandbox.run('')).verdict).toBe('ok');
  expect(await containersOf(sandbox.owner)).toHaveLength(1);
  await goneWithin(sandbox, 2500);
});
