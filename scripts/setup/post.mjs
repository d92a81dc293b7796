// @ts-check
// The post step: shows the logs of failed services, stops the started ones, saves engines in the cache.
// Its failures are warnings: they do not fail the job.

import { readLock } from "./cached_engines.mjs";
import { saveEngines } from "./engine_cache.mjs";
import { runnerTarget } from "./install_hale.mjs";
import { info, showFolded, state, warning } from "./runner.mjs";
import { hasFailed, isUp, Services } from "./services.mjs";

if (state("path") !== "") {
  const services = new Services(state("path"), state("config"));
  await warnOnFailure("Could not show the logs of failed services", () => showFailed(services));
  await warnOnFailure("Could not stop the services", () => stopStarted(services));
  await warnOnFailure(
    "Could not save engines in the cache",
    () => cacheEngines(state("cache_key")),
  );
}

/** @param {Services} services */
async function showFailed(services) {
  for (const status of (await services.status()).filter(hasFailed)) {
    showFolded(
      `${status.name} is ${status.state}, ${status.health}`,
      await services.historyAndLogs(status.name),
    );
  }
}

/** @param {Services} services */
async function stopStarted(services) {
  const started = new Set(JSON.parse(state("started") || "[]"));
  const running = (await services.status()).filter(isUp).map(({ name }) => name);
  const names = running.filter((name) => started.has(name));
  if (names.length === 0) return;
  const problem = await services.stop(names);
  if (problem === "") info(`stopped: ${names.join(", ")}`);
  else warning(problem);
}

/** @param {string} key */
async function cacheEngines(key) {
  if (key === "") return;
  const lock = readLock(state("cache_config"), runnerTarget());
  // A step of the job may have changed hale.lock.
  if (lock === null || lock.key !== key) return;
  if (await saveEngines(key, lock.engines)) info(`saved engines in the cache: ${key}`);
}

/** @param {string} what @param {() => Promise<void>} action */
async function warnOnFailure(what, action) {
  try {
    await action();
  } catch (problem) {
    warning(`${what}: ${problem instanceof Error ? problem.message : problem}`);
  }
}
