import type { RequestHandler } from 'express';
import { limitRate } from './limit-rate.ts';
import { requireSameSite } from './same-site.ts';

/** What stands before every route that runs something. */
export interface Guards {
  readonly sameSite: RequestHandler;
  /** One for all of them: it counts what a client runs, whichever way it comes. */
  readonly rate: RequestHandler;
}

export interface GuardOptions {
  readonly allowedOrigins: readonly string[];
  /** Per client address; 0 is no limit. */
  readonly rateLimitPerMinute: number;
}

export function createGuards({ allowedOrigins, rateLimitPerMinute }: GuardOptions): Guards {
  return { sameSite: requireSameSite(allowedOrigins), rate: limitRate(rateLimitPerMinute) };
}
