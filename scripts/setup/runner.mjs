// @ts-check
// What a runner gives to an action, and takes from it:
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands

import { randomUUID } from "node:crypto";
import { appendFileSync } from "node:fs";
import process from "node:process";

/** A failure that a person can act on: its message is all there is to say. */
export class SetupError extends Error {}

/**
 * An input of the action.
 *
 * @param {string} name As in `action.yml`.
 * @returns {string} Without spaces around it; empty where it is not given.
 */
export function input(name) {
  return (process.env[`INPUT_${name.toUpperCase()}`] ?? "").trim();
}

/**
 * An input that is a yes or a no.
 *
 * @param {string} name As in `action.yml`.
 * @returns {boolean} Its value; no where it is not given.
 */
export function booleanInput(name) {
  const value = input(name);
  if (/^(true|yes|on)$/i.test(value)) return true;
  if (/^(false|no|off|)$/i.test(value)) return false;
  throw new SetupError(`The input ${name} is ${JSON.stringify(value)}: write true or false.`);
}

/**
 * What the main step has left for the post step.
 *
 * @param {string} name Its name.
 * @returns {string} Empty where it left nothing.
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
 * Puts a folder first on PATH: for this step and all that follow.
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

/** @param {string} text */
export function warning(text) {
  console.log(`::warning title=hale::${escapeCommand(text)}`);
}

/** @param {string} text */
export function error(text) {
  console.log(`::error title=hale::${escapeCommand(text)}`);
}

/**
 * Shows text of another program, folded. A workflow command in it has no effect.
 *
 * @param {string} title What it is.
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
  if (!path) throw new SetupError(`${file} is not set: this runs as a step of GitHub Actions.`);
  appendFileSync(path, text);
}
