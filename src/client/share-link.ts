import type { Program } from './program.ts';

/** More than any server is likely to run; a small link could otherwise unpack to gigabytes. */
const MAX_TEXT_BYTES = 4 * 1024 * 1024;

/** What is wrong with a link, in words for who followed it. */
export class ShareLinkError extends Error {
  override readonly name = 'ShareLinkError';
}

/**
 * The fragment of a link that carries the program: `#code=…` and, if there is input, `&stdin=…`, each UTF-8, raw deflate
 * (RFC 1951), base64url (RFC 4648, section 5). Browsers do not send it.
 */
export async function toFragment({ source, stdin }: Program): Promise<string> {
  const code = `#code=${await pack(source)}`;
  return stdin === '' ? code : `${code}&stdin=${await pack(stdin)}`;
}

/**
 * The program in a fragment; null if it carries none.
 * @throws ShareLinkError when there is one that cannot be read.
 */
export async function fromFragment(fragment: string): Promise<Program | null> {
  const fields = new URLSearchParams(fragment.replace(/^#/, ''));
  const code = fields.get('code');
  if (code === null) return null;
  const stdin = fields.get('stdin');
  return { source: await unpack(code), stdin: stdin === null ? '' : await unpack(stdin) };
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

async function unpack(packed: string): Promise<string> {
  try {
    const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    return await textOf(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw')));
  } catch (cause) {
    if (cause instanceof ShareLinkError) throw cause;
    throw new ShareLinkError('The link is damaged: there is no program to be read from it.', { cause });
  }
}

async function textOf(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const reader = stream.getReader();
  let text = '';
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > MAX_TEXT_BYTES) {
      await reader.cancel();
      throw new ShareLinkError('The link holds a program that is larger than 4 MB.');
    }
    text += decoder.decode(value, { stream: true });
  }
}
