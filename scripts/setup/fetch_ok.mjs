// @ts-check

import { setTimeout as pause } from "node:timers/promises";
import { SetupError } from "./runner.mjs";

/** Pauses before the second and the third attempt, in milliseconds. */
const PAUSES_MS = [1_000, 5_000];

/**
 * Requests a URL. Tries up to three times after a broken connection, 429 and 5xx.
 *
 * @param {string} url
 * @param {RequestInit} [options] As for `fetch`.
 * @param {{ allow?: readonly number[] }} [expected] Error statuses that are returned, not thrown.
 * @returns {Promise<Response>}
 */
export async function fetchOk(url, options = {}, { allow = [] } = {}) {
  // A query may be the signature that gives access.
  const action = options.method === "PUT" ? "Could not upload to" : "Could not download";
  const shown = url.replace(/\?.*/s, "");
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
        throw new SetupError(`${action} ${shown}: ${problem}.`);
      }
    } catch (error) {
      if (error instanceof SetupError) throw error;
      problem = error instanceof Error ? String(error.cause ?? error.message) : String(error);
    }
    if (pauseMs === undefined) throw new SetupError(`${action} ${shown}: ${problem}.`);
    await pause(pauseMs);
  }
}
