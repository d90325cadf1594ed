import { describe, expect, it } from 'vitest';
import { encodeRequest, parseEndReport, parseReadyLine } from '../../../src/sandbox/wire.ts';
import { limitsWith, runRequest } from '../../run-result.ts';

const NONCE = '0123456789abcdef0123456789abcdef';

/** Reads a request as launchers/python.py does: byte by byte counted, never searched. */
function decode(bytes: Buffer) {
  const headerBytes = Number.parseInt(bytes.toString('latin1', 0, 8), 16);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes));
  const sourceEnd = 8 + headerBytes + header.sourceBytes;
  return {
    header,
    source: bytes.toString('utf8', 8 + headerBytes, sourceEnd),
    stdin: bytes.toString('utf8', sourceEnd),
  };
}

describe('a request on the wire', () => {
  it.each([
    ['plain', 'print(input())', 'hi\n'],
    ['not ASCII', 'print("é€𝄞")', '€\n'],
    ['empty', '', ''],
    ['like a request', '0000002a{"nonce":"x"}', '0000002a{"nonce":"x"}'],
    ['with NUL and CRLF', 'a = "\0"\r\n', '\0\r\n'],
  ])('carries source and stdin that are %s, apart from each other', (_what, source, stdin) => {
    const args = ['--name', 'a b', 'é"\n'];
    const limits = limitsWith({ wallMs: 1234, cpuMs: 567 });
    const decoded = decode(encodeRequest(runRequest({ program: { source }, stdin, args, limits }), NONCE));
    expect(decoded).toEqual({
      header: {
        nonce: NONCE,
        sourceBytes: Buffer.byteLength(source),
        files: [],
        args,
        limits: { wallMs: 1234, cpuMs: 567 },
      },
      source,
      stdin,
    });
  });
});

describe('files on the wire', () => {
  it('come one behind the other, in the order of the header, and the input behind them', () => {
    const main = { name: 'main.py', content: Buffer.from('import é') };
    const others = [
      { name: 'd/é.bin', content: Buffer.from([0, 255, 10]) },
      { name: 'empty', content: Buffer.alloc(0) },
    ];
    const request = runRequest({ program: { files: [main, ...others] }, stdin: 'in' });
    const bytes = encodeRequest(request, NONCE);
    const headerBytes = Number.parseInt(bytes.toString('latin1', 0, 8), 16);
    const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerBytes));
    expect(header.sourceBytes).toBeNull();
    expect(JSON.stringify(header.files)).toBe('[["main.py",9],["d/é.bin",3],["empty",0]]');
    expect(bytes.subarray(8 + headerBytes).toString('latin1')).toBe('import Ã©\0ÿ\nin');
  });
});

describe('the ready line', () => {
  it('tells the version of the interpreter', () => {
    expect(parseReadyLine('{"version":"3.13.1"}')).toEqual({ version: '3.13.1' });
  });

  it.each(['', 'Python 3.13.1', '{}', '{"version":3}', 'null', `{"version":"${'3'.repeat(65)}"}`])(
    'is not %j',
    (line) => {
      expect(() => parseReadyLine(line)).toThrow(Error);
    },
  );
});

describe('the end report', () => {
  const report = {
    exitCode: 0,
    signalNumber: null,
    limit: null,
    cpuUs: 8000,
    memoryBytes: 9_000_000,
    oomKills: 0,
  };
  const parse = (value: unknown) => parseEndReport(Buffer.from(`${JSON.stringify(value)}\n`));

  it.each([
    ['an exit code', {}],
    ['a signal', { exitCode: null, signalNumber: 64 }],
    ['a limit', { exitCode: null, signalNumber: 9, limit: 'cpu', oomKills: 3 }],
  ])('is read with %s', (_what, fields) => {
    expect(parse({ ...report, ...fields })).toEqual({ ...report, ...fields });
  });

  // It comes out of the sandbox: the program may have written it.
  it.each([
    ['a negative exit code', { exitCode: -1 }],
    ['an exit code over 255', { exitCode: 256 }],
    ['an exit code that is text', { exitCode: '0' }],
    ['neither exit code nor signal', { exitCode: null, signalNumber: null }],
    ['signal 0', { exitCode: null, signalNumber: 0 }],
    ['signal 65', { exitCode: null, signalNumber: 65 }],
    ['an unknown limit', { limit: 'memory' }],
    ['negative CPU time', { cpuUs: -1 }],
    ['half a microsecond', { cpuUs: 0.5 }],
    ['more memory than can be counted', { memoryBytes: 1e308 }],
    ['a field missing', { oomKills: undefined }],
  ])('is none with %s', (_what, fields) => {
    expect(parse({ ...report, ...fields })).toBeNull();
  });

  it.each(['', '\n', 'null\n', '[]\n', '{"exitCode":0\n', 'NaN\n', '\xff\n'])('is not %j', (text) => {
    expect(parseEndReport(Buffer.from(text, 'latin1'))).toBeNull();
  });
});
