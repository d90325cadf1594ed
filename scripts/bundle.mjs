// Bundles src/client/ into public/built/: each file with the hash of its content in its name, next to it the same
// compressed, and assets.json, which says what is where. Prints what it weighs. With --watch again at each change.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { context } from 'esbuild';

const folder = 'public/built';
const watch = process.argv.includes('--watch');

const kib = (bytes) => `${(bytes / 1024).toFixed(1)} KiB`;

async function list({ metafile, errors }) {
  if (errors.length > 0) return; // esbuild has said what is wrong
  const assets = {};
  for (const [path, { entryPoint }] of Object.entries(metafile.outputs)) {
    const bytes = await readFile(path);
    const [gzip, brotli] = [gzipSync(bytes, { level: 9 }), brotliCompressSync(bytes)];
    await writeFile(`${path}.gz`, gzip);
    await writeFile(`${path}.br`, brotli);
    assets[basename(entryPoint).replace(/\.ts$/, '.js')] = `/built/${basename(path)}`;
    console.log(`${path}: ${kib(bytes.length)}, ${kib(gzip.length)} gzip, ${kib(brotli.length)} brotli`);
  }
  // Last, so that whoever waits for it finds the rest.
  await writeFile(join(folder, 'assets.json'), `${JSON.stringify(assets, null, 2)}\n`);
}

await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
const bundling = await context({
  entryPoints: ['src/client/main.ts', 'src/client/theme-first.ts', 'src/client/style.css'],
  entryNames: '[name]-[hash]',
  outdir: folder,
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
  metafile: true,
  plugins: [{ name: 'list', setup: (build) => build.onEnd(list) }],
});
if (watch) await bundling.watch();
else {
  try {
    await bundling.rebuild();
  } finally {
    await bundling.dispose();
  }
}
