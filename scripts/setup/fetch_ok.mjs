// @ts-check

import { setTimeout as pause } from "node:timers/promises";
import { SetupError } from "./runner.mjs";

/** Pauses before the second and the third try, in milliseconds. */
const PAUSES_MS = [1_000, 5_000];

/**
 * Asks a URL, three times where it may help: after a broken connection, 429 and 5xx.
 *
 * @param {string} url What to ask.
 * @param {RequestInit} [options] As for `fetch`.
 * @param {{ allow?: readonly number[] }} [expected] Statuses that are answers and no errors.
 * @returns {Promise<Response>} An answer that is no error.
 */
export async function fetchOk(url, options = {}, { allow = [] } = {}) {
  for (let attempt = 0;; attempt++) {
    const pauseMs = PAUSES_MS[attempt];
    /** @type {string} */
    let problem;
    try {
      const response = await fetch(url, options);
      if (response.status < 400 || allow.includes(response.status)) return response;
      problem = `the server answered ${response.status}`;
      await response.body?.cancel();
      if (response.status !== 429 && response.status < 500) {
        throw new SetupError(`Could not get ${url}: ${problem}.`);
      }
    } catch (error) {
      if (error instanceof SetupError) throw error;
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (pauseMs === undefined) throw new SetupError(`Could not get ${url}: ${problem}.`);
    await pause(pauseMs);
  }
}
