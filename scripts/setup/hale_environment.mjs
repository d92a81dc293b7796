// @ts-check

import process from "node:process";

/** Files of workflow commands. A service would keep their names longer than the step has them. */
const COMMAND_FILES = [
  "GITHUB_ENV",
  "GITHUB_OUTPUT",
  "GITHUB_PATH",
  "GITHUB_STATE",
  "GITHUB_STEP_SUMMARY",
];

/**
 * Returns the environment of hale, and so of the services that it starts. It lacks what belongs to this
 * step alone: inputs (among them a token), saved state, the tokens of the runtime, the command files.
 * It lacks `RUNNER_TRACKING_ID` too: at the end of the job, the runner ends each process that has it,
 * also a supervisor on which services of others depend. The post step stops the services.
 *
 * @param {Readonly<Record<string, string | undefined>>} [env] The environment of this step.
 * @returns {Record<string, string>}
 */
export function haleEnvironment(env = process.env) {
  /** @type {Record<string, string>} */
  const kept = {};
  for (const [name, value] of Object.entries(env)) {
    const isOfStep = /^(INPUT|STATE|ACTIONS)_/i.test(name) ||
      COMMAND_FILES.includes(name.toUpperCase()) || name.toUpperCase() === "RUNNER_TRACKING_ID";
    if (value !== undefined && !isOfStep) kept[name] = value;
  }
  return kept;
}
