import { isUtf8 } from 'node:buffer';
import bodyParser from 'body-parser';
import type { Request, RequestHandler } from 'express';
import createError from 'http-errors';
import { BadRequestError } from '../run/runner.ts';

/**
 * JSON, and what `fetch` says of a text whose sender says nothing (Fetch Standard, "extract a body"): the published
 * client `piston-client` posts like that. It is spelled out, so that whoever means plain text is told that it is not JSON.
 */
const JSON_TYPE = /^application\/json(?:\s*;\s*charset="?utf-?8"?)?\s*$/i;
const UNLABELLED = 'text/plain;charset=UTF-8';

function isJson(type: string): boolean {
  return JSON_TYPE.test(type) || type === UNLABELLED;
}

/** Reads a JSON body of at most `bodyBytes`; `jsonOf` has it from then on. */
export function readJson(bodyBytes: number): RequestHandler[] {
  return [requireJson, bodyParser.raw({ type: () => true, limit: bodyBytes })];
}

const requireJson: RequestHandler = (req, _res, next) => {
  if (isJson(req.get('Content-Type') ?? '')) next();
  else next(createError(415, 'Send JSON in UTF-8, as application/json'));
};

/** @throws BadRequestError when the body is not JSON; rather than replaced, what is not UTF-8 is refused as well. */
export function jsonOf(req: Request): unknown {
  const body: unknown = req.body;
  if (!Buffer.isBuffer(body)) throw new BadRequestError('The body is missing');
  if (!isUtf8(body)) throw new BadRequestError('The body is not UTF-8');
  return parseJson(body.toString(), 'The body');
}

/** @throws BadRequestError */
export function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequestError(`${what} is not JSON: ${(error as SyntaxError).message}`);
  }
}
