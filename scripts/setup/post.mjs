// @ts-check
// After the job: the logs of what failed, the end of what was started, the engines for the next run.
// Nothing here fails the job: it has its result.

import { saveEngines } from "./engine_cache.mjs";
import { info, showFolded, state, warning } from "./runner.mjs";
import { hasFailed, isUp, Services } from "./services.mjs";

if (state("path") !== "") {
  const services = new Services(state("path"), state("config"));
  await quietly("The logs of what failed could not be shown", () => showFailed(services));
  await quietly("The services could not be stopped", () => stopStarted(services));
  await quietly("The engines could not be kept", () => keepEngines(state("cache_key")));
}

/** @param {Services} services */
async function showFailed(services) {
  for (const status of (await services.status()).filter(hasFailed)) {
    showFolded(
      `${status.name} is ${status.state}, ${status.health}`,
      await services.lastWords(status.name),
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
async function keepEngines(key) {
  if (key !== "" && await saveEngines(key)) info(`kept the engines for the next run: ${key}`);
}

/** @param {string} what @param {() => Promise<void>} act */
async function quietly(what, act) {
  try {
    await act();
  } catch (problem) {
    warning(`${what}: ${problem instanceof Error ? problem.message : problem}`);
  }
}
