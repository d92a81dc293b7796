// @ts-check
// Inputs and outputs of an action:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import process from "node:process";

/** A failure with a message for people, shown without a stack trace. */
export class SetupError extends Error {}

/**
 * Returns an input of the action.
 *
 * @param {string} name As in `action.yml`.
 * @returns {string} The trimmed value; empty if it is not given.
 */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}

/**
 * Returns a boolean input of the action.
 *
 * @param {string} name As in `action.yml`.
 * @returns {boolean} The value; false if it is not given.
 */
export function booleanInput(name) {
  const value = input(name);
  if (/^(true|yes|on)$/i.test(value)) return true;
  if (/^(false|no|off|)$/i.test(value)) return false;
  throw new SetupError(`The input ${name} is ${JSON.stringify(value)}, expected true or false.`);
}

/**
 * Returns a value that the main step saved for the post step.
 *
 * @param {string} name Its name.
 * @returns {string} The value; empty if none was saved.
 */
export function state(name) {
  return process.env[`STATE_${name}`] ?? "";
}

/** @param {string} name @param {string} value */
export function setOutput(name, value) {
  appendEntry("GITHUB_OUTPUT", name, value);
}

/** @param {string} name @param {string} value */
export function saveState(name, value) {
  appendEntry("GITHUB_STATE", name, value);
}

/**
 * Prepends a folder to PATH, for this step and all later ones.
 *
 * @param {string} folder Its absolute path.
 */
export function addPath(folder) {
  append("GITHUB_PATH", `${folder}\n`);
  const separator = process.platform === "win32" ? ";" : ":";
  process.env.PATH = `${folder}${separator}${process.env.PATH ?? ""}`;
}

/** @param {string} markdown */
export function addSummary(markdown) {
  append("GITHUB_STEP_SUMMARY", `${markdown}\n`);
}

/** @param {string} text */
export function info(text) {
  console.log(text);
}

/**
 * Hides a value in the log of the job.
 *
 * @param {string} secret
 */
export function addMask(secret) {
  console.log(`::add-mask::${escapeCommand(secret)}`);
}

/** @param {string} text */
export function warning(text) {
  console.log(`::warning title=hale::${escapeCommand(text)}`);
}

/** @param {string} text */
export function error(text) {
  console.log(`::error title=hale::${escapeCommand(text)}`);
}

/**
 * Prints the output of another program in a folded group. Workflow commands in it have no effect.
 *
 * @param {string} title Title of the group.
 * @param {string} text The text.
 */
export function showFolded(title, text) {
  const token = randomUUID();
  console.log(`::group::${escapeCommand(title)}`);
  console.log(`::stop-commands::${token}`);
  console.log(text.trimEnd());
  console.log(`::${token}::`);
  console.log("::endgroup::");
}

/** @param {string} text */
function escapeCommand(text) {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** @param {string} file @param {string} name @param {string} value */
function appendEntry(file, name, value) {
  const end = randomUUID();
  append(file, `${name}<<${end}\n${value}\n${end}\n`);
}

/** @param {string} file @param {string} text */
function append(file, text) {
  const path = process.env[file];
  if (!path) {
    throw new SetupError(`${file} is not set. This script must run as a step of GitHub Actions.`);
  }
  appendFileSync(path, text);
}
