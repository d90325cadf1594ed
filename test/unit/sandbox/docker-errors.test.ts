import { describe, expect, it } from 'vitest';
import { SandboxUnavailableError } from '../../../src/run/runner.ts';
import { isGone, isNotFound, toUnavailable } from '../../../src/sandbox/docker-errors.ts';

const errorWith = (fields: object) => Object.assign(new Error('at /srv/secret'), fields);

describe('an error of the engine', () => {
  it.each([
    [404, { gone: true, notFound: true }],
    [409, { gone: true, notFound: false }],
    [500, { gone: false, notFound: false }],
    ['404', { gone: false, notFound: false }],
  ])('with status %j is told by it', (statusCode, expected) => {
    const error = errorWith({ statusCode });
    expect({ gone: isGone(error), notFound: isNotFound(error) }).toEqual(expected);
  });

  it.each([
    [errorWith({}), false],
    [{ statusCode: 404 }, false],
    ['404', false],
    [undefined, false],
  ])('that is none of its answers (%j) says nothing of a container', (error, gone) => {
    expect(isGone(error)).toBe(gone);
  });

  it.each([
    ['an answer', errorWith({ statusCode: 500 }), 'the Docker engine refused'],
    ['no socket', errorWith({ code: 'ENOENT' }), 'there is no Docker socket'],
    ['a socket that is not ours', errorWith({ code: 'EACCES' }), 'this user may not use the Docker socket'],
    [
      'a socket that nobody listens at',
      errorWith({ code: 'ECONNREFUSED' }),
      'the Docker engine does not answer',
    ],
    ['anything else', 'secret', 'the Docker engine does not answer'],
  ])('is put into words of our own: %s', (_what, cause, why) => {
    const error = toUnavailable('create a sandbox', cause);
    expect(error).toBeInstanceOf(SandboxUnavailableError);
    expect(error).toMatchObject({ message: `Could not create a sandbox: ${why}`, cause });
  });

  it('is translated once only', () => {
    const error = new SandboxUnavailableError('Could not pull the image');
    expect(toUnavailable('create a sandbox', error)).toBe(error);
  });
});
