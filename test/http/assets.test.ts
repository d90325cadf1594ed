import { gunzipSync } from 'node:zlib';
import request from 'supertest';
import { describe, expect, it } from 'vitest';
import { readAssets } from '../../src/http/assets.ts';
import { createFakeApp } from './fake-app.ts';

const { app } = createFakeApp();
const assets = readAssets('public/built');
const asked = async (path: string, encoding: string) =>
  request(app)
    .get(path)
    .set('Accept-Encoding', encoding)
    .buffer(true)
    .parse((res, done) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => done(null, Buffer.concat(chunks)));
    });

describe("the page's own files", () => {
  it('are named after their content', () => {
    for (const [name, path] of Object.entries(assets)) {
      const [base, extension] = name.split('.');
      expect(path).toMatch(new RegExp(`^/built/${base}-[A-Z0-9]{8}\\.${extension}$`));
    }
    expect(Object.keys(assets).toSorted()).toEqual(['main.js', 'style.css', 'theme-first.js']);
  });

  it.each(Object.entries(assets))('may be kept for a year: %s', async (_name, path) => {
    const { headers } = await request(app).get(path).expect(200);
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toMatch(path.endsWith('.css') ? /^text\/css/ : /javascript/);
  });

  it.each(['br', 'gzip', 'identity'])('come as %s to those who take nothing else', async (encoding) => {
    const { headers } = await asked(assets['main.js']!, encoding);
    expect(headers['content-encoding']).toBe(encoding === 'identity' ? undefined : encoding);
    expect(headers['vary']).toContain('Accept-Encoding');
  });

  it('weigh less than 200 KiB compressed, all together', async () => {
    const sizes = await Promise.all(
      Object.values(assets).map(async (path) =>
        Number((await asked(path, 'gzip')).headers['content-length']),
      ),
    );
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeGreaterThan(10_000);
    expect(total).toBeLessThan(200 * 1024);
  });

  it('are the same compressed as not', async () => {
    const path = assets['style.css']!;
    const [plain, packed] = [await asked(path, 'identity'), await asked(path, 'gzip')];
    const bytes = packed.body as Buffer;
    const unpacked = bytes[0] === 0x1f ? gunzipSync(bytes) : bytes; // superagent may have unpacked it already
    expect(unpacked.equals(plain.body as Buffer)).toBe(true);
  });

  it('that are gone are 404, and nothing else of the folder is to be had', async () => {
    for (const path of ['/built/main-00000000.js', '/built/', '/built/../style.css']) {
      const { text } = await request(app).get(path).expect(404);
      expect(text).toBe(`There is nothing at GET ${path}\n`); // and no path of ours
    }
  });
});

it('says what to do when there are none', () => {
  expect(() => readAssets('/nowhere')).toThrow('The page has not been built: npm run build');
});
