import { dirname, resolve } from "../platform/path.ts";
import { HaleError, messageOf } from "../errors.ts";
import { NotRegularFile, readRegularFile } from "../files/regular_file.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import { configError } from "./schema/problems.ts";
import { readTables, type ReadTablesOptions } from "./read_tables.ts";
import { parseToml } from "./toml/toml.ts";
import { TomlError } from "./toml/toml_error.ts";
import type { LineOf } from "./toml/toml_lines.ts";

/** Options of {@linkcode loadConfig}. */
export type LoadOptions = Pick<ReadTablesOptions, "env" | "target" | "dataDir">;

/**
 * Reads a configuration file: checks it, merges presets, fills in defaults and placeholders. No value
 * is clamped or guessed, and all mistakes are reported at once.
 *
 * @param path Path of the file.
 * @param options The environment, the platform and the data folders.
 * @returns The runtime with its services, in the order of the file.
 * @throws {HaleError} `config_invalid` If the file cannot be read or has mistakes. The fields of the
 * error are `path` and `problems`, each with `key`, `line`, `message`, `value`.
 * @throws {HaleError} `invalid_endpoint` If all mistakes are endpoints; with the same fields.
 */
export async function loadConfig(path: string, options: LoadOptions): Promise<RuntimeSpec> {
  const realPath = await findRealPath(path);
  const text = await readText(realPath);
  return await readTables(parseDocument(realPath, text), {
    ...options,
    folder: dirname(realPath),
    file: { path: realPath, findLines: () => findLines(text) },
  });
}

/** Loaded on demand: a file without mistakes does not need it. */
async function findLines(text: string): Promise<LineOf> {
  const { tomlLines } = await import("./toml/toml_lines.ts");
  return tomlLines(text);
}

async function findRealPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    const absolute = resolve(path);
    // A pipe such as /dev/fd/63 has no real path.
    const info = await Deno.stat(path).catch(() => null);
    if (info !== null && !info.isFile) throw notReadable(absolute, new NotRegularFile(info));
    if (error instanceof Deno.errors.NotFound) {
      throw unreadable(absolute, "there is no such file; create one with `hale init`", error);
    }
    throw unreadable(absolute, `it cannot be read (${messageOf(error)})`, error);
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await readRegularFile(path);
  } catch (error) {
    throw notReadable(path, error);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, "it is not UTF-8; save it as UTF-8", error);
  }
}

/** Later commands read the configuration again, so it must be a file. */
function notReadable(path: string, error: unknown): HaleError {
  if (!(error instanceof NotRegularFile)) {
    return unreadable(path, `it cannot be read (${messageOf(error)})`, error);
  }
  const advice = "; name a file, or create one in it with `hale init`";
  return unreadable(path, error.message + (error.isFolder ? advice : ""), error);
}

function unreadable(path: string, reason: string, cause: unknown): HaleError {
  const problem = { key: "", line: null, message: reason, value: null };
  return new HaleError("config_invalid", `Cannot use the configuration ${path}: ${reason}.`, {
    fields: { path, problems: [problem] },
    cause,
  });
}

function parseDocument(path: string, text: string): Record<string, unknown> {
  try {
    return parseToml(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const { line, column, message } = error;
    throw configError("config_invalid", path, [
      { key: "", line, message: `column ${column}: ${message}`, value: null },
    ]);
  }
}
