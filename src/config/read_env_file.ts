import { readRegularFile } from "../files/regular_file.ts";
import { decodeUtf8 } from "../text/decode_utf8.ts";
import { parseEnvFile } from "./parse_env_file.ts";
import { configError } from "./schema/problems.ts";

/** The name of a variable at the start of a line. */
const NAME = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)/;

/**
 * Reads a file of variables.
 *
 * @param path The file.
 * @returns The variables.
 * @throws {HaleError} `config_invalid` If a line has a mistake or is not UTF-8. No value is shown.
 * @throws {NotRegularFile} If it is not a file.
 */
export async function readEnvFile(path: string): Promise<Readonly<Record<string, string>>> {
  const decoded = decodeUtf8(await readRegularFile(path));
  if ("text" in decoded) return parseEnvFile(decoded.text, path);
  throw configError("config_invalid", path, [{
    key: NAME.exec(decoded.line)?.[1] ?? "",
    line: decoded.wrongLine,
    message: "the line is not UTF-8; save the file as UTF-8",
    value: null,
  }]);
}
