// @ts-check
// The main step: installs hale, restores engines from the cache, starts services.

import { resolve } from "node:path";
import process from "node:process";
import { readLock } from "./cached_engines.mjs";
import { hasCache, restoreEngines } from "./engine_cache.mjs";
import { installHale, runnerTarget, versionOf } from "./install_hale.mjs";
import { chooseVersion, findReleases, wantedVersion } from "./releases.mjs";
import {
  addPath,
  addSummary,
  booleanInput,
  error,
  info,
  input,
  saveState,
  setOutput,
  SetupError,
  warning,
} from "./runner.mjs";
import { isUp, Services, summaryTable } from "./services.mjs";

try {
  await main();
} catch (problem) {
  error(
    problem instanceof SetupError
      ? problem.message
      : String(problem instanceof Error ? problem.stack : problem),
  );
  process.exitCode = 1;
}

async function main() {
  const releases = findReleases();
  const wanted = wantedVersion({ version: input("version"), versionFile: input("version-file") });
  const version = await chooseVersion(wanted, releases, input("github-token"));
  const { folder, path, downloaded } = await installHale(version, releases);
  const reported = await versionOf(path);
  if (reported !== version) {
    throw new SetupError(`${path} should be hale ${version}, but reports version ${reported}.`);
  }
  addPath(folder);
  info(
    `hale ${version} (${
      downloaded ? "downloaded and verified" : "already installed, verified"
    }): ${path}`,
  );
  setOutput("version", version);
  setOutput("path", path);
  saveState("path", path);

  const config = input("config");
  saveState("config", config === "" ? "" : resolve(config));
  setOutput("cache-hit", String(await restore(resolve(config || "hale.toml"))));
  await startServices(new Services(path, config === "" ? "" : resolve(config)));
}

/** @param {string} config @returns {Promise<boolean>} Whether engines were restored. */
async function restore(config) {
  if (!booleanInput("cache") || !hasCache()) return false;
  try {
    const lock = readLock(config, runnerTarget());
    if (lock === null) return false;
    const count = await restoreEngines(lock.key, lock.engines);
    if (count > 0) {
      info(`restored ${count} from the cache, with the checksums of hale.lock: ${lock.key}`);
      return true;
    }
    saveState("cache_key", lock.key);
    saveState("cache_config", config);
  } catch (problem) {
    warning(
      `Could not restore engines from the cache, they will be downloaded: ${
        problem instanceof Error ? problem.message : problem
      }`,
    );
  }
  return false;
}

/** @param {Services} services */
async function startServices(services) {
  const up = input("up");
  if (up === "" || up === "false") return setOutput("endpoints", "{}");
  const names = up === "true" ? [] : up.split(/[\s,]+/).filter(Boolean);
  const before = new Set((await services.status()).filter(isUp).map(({ name }) => name));
  const code = await services.up(names, input("timeout") || "2m");
  const after = await services.status();
  // On a self-hosted runner, the post step does not stop services that ran before this step.
  saveState(
    "started",
    JSON.stringify(after.map(({ name }) => name).filter((name) => !before.has(name))),
  );
  addSummary(`### hale\n\n${summaryTable(after)}`);
  const endpoints = after.flatMap((
    { name, endpoint },
  ) => (endpoint === null ? [] : [[name, endpoint]]));
  setOutput("endpoints", JSON.stringify(Object.fromEntries(endpoints)));
  if (code !== 0) {
    throw new SetupError(`The services are not ready: \`hale up\` exited with ${code}.`);
  }
}
