/**
 * Where the supervisor of a home listens, from the file that it has written.
 *
 * @module
 */

import { HaleError } from "../../errors.ts";
import { passingFault, storeIo, systemReason } from "../../files/io_error.ts";
import { regularFile } from "../../files/regular_file.ts";
import type { SupervisorEndpoint } from "../../supervise/api/api_types.ts";
import type { SupervisorPlace } from "../../supervise/api/unresponsive.ts";
import type { AppContext } from "../context.ts";

/**
 * Reads the endpoint file of a home. It remains after a supervisor was killed.
 *
 * @param context Home and environment.
 * @returns Its contents; null if there is none, or a supervisor that is starting has emptied it.
 * @throws {HaleError} `unsafe_home` If others can write to it, `store_io` or `store_corrupt` if it cannot be
 * read.
 */
export async function readEndpoint(context: AppContext): Promise<SupervisorEndpoint | null> {
  const { home, paths: { supervisorEndpoint: path, supervisorLog } } = context;
  context.trust.assert(path);
  let text;
  try {
    text = await Deno.readTextFile(regularFile(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    if (error instanceof HaleError) throw error;
    if (passingFault(error) !== null) throw storeIo("read where the supervisor is", path, error);
    throw new HaleError(
      "store_io",
      `Cannot use the home ${home}: ${path} cannot be read (${systemReason(error)}). Choose a ` +
        "folder that you can write to with --home DIR or HALE_HOME.",
      { cause: error, fields: { home, path } },
    );
  }
  try {
    const endpoint = JSON.parse(text);
    // A supervisor that is starting has emptied the file.
    return endpoint.url === undefined ? null : endpoint;
  } catch {
    // The cause quotes the file, which may hold a token, so it is left out.
    throw new HaleError(
      "store_corrupt",
      `Cannot read ${path}: it is not JSON. Stop the supervisor if it runs (its pid is in the last ` +
        `line of ${supervisorLog}); its services keep running. Then delete the file. The next ` +
        "command starts a new supervisor, which adopts the services.",
      { fields: { path } },
    );
  }
}

/**
 * Returns what is known of the supervisor that holds a home, for a message.
 *
 * @param context Home and environment.
 */
export async function supervisorPlace(context: AppContext): Promise<SupervisorPlace> {
  const { home, paths: { supervisorLog: log } } = context;
  const endpoint = await readEndpoint(context).catch(() => null);
  return { pid: endpoint?.pid ?? null, home, log };
}
