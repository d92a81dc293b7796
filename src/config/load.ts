import { dirname, resolve } from "../platform/path.ts";
import { HaleError, messageOf } from "../errors.ts";
import type { RuntimeSpec } from "../model/service_spec.ts";
import { configError } from "./schema/problems.ts";
import { readTables, type ReadTablesOptions } from "./read_tables.ts";
import { parseToml, type TomlDocument } from "./toml/toml.ts";
import { TomlError } from "./toml/toml_error.ts";

/** What a configuration file is read with. */
export type LoadOptions = Pick<ReadTablesOptions, "env" | "target" | "dataDir">;

/**
 * Reads a configuration file: shape, presets, defaults, placeholders. Nothing is clamped or
 * guessed, and all that is wrong is reported at once.
 *
 * @param path Path of the file.
 * @param options What it is read with.
 * @returns The runtime with its services, in the order of the file.
 * @throws {HaleError} `config_invalid` If the file cannot be read or anything in it is wrong. Its
 * fields are `path` and `problems`, each with `key`, `line`, `message`, `value`.
 * @throws {HaleError} `invalid_endpoint` If nothing but endpoints are wrong; with the same fields.
 */
export async function loadConfig(path: string, options: LoadOptions): Promise<RuntimeSpec> {
  const realPath = await findRealPath(path);
  const document = parseDocument(realPath, await readText(realPath));
  return await readTables(document.value, {
    ...options,
    folder: dirname(realPath),
    file: { path: realPath, lineOf: document.lineOf },
  });
}

async function findRealPath(path: string): Promise<string> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    const absolute = resolve(path);
    if (error instanceof Deno.errors.NotFound) {
      throw unreadable(absolute, "there is no such file; `hale init` writes one", error);
    }
    throw unreadable(absolute, `it cannot be read (${messageOf(error)})`, error);
  }
}

async function readText(path: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    bytes = await Deno.readFile(path);
  } catch (error) {
    const { isDirectory } = await Deno.stat(path).catch(() => ({ isDirectory: false }));
    const reason = isDirectory
      ? "it is a folder; name the file in it, or write one there with `hale init`"
      : `it cannot be read (${messageOf(error)})`;
    throw unreadable(path, reason, error);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw unreadable(path, "it is no UTF-8 text; save it as UTF-8", error);
  }
}

function unreadable(path: string, reason: string, cause: unknown): HaleError {
  const problem = { key: "", line: null, message: reason, value: null };
  return new HaleError("config_invalid", `Cannot use the configuration ${path}: ${reason}.`, {
    fields: { path, problems: [problem] },
    cause,
  });
}

function parseDocument(path: string, text: string): TomlDocument {
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
