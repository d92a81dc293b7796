import { regularFile } from "../../files/regular_file.ts";
import { ifThere } from "../../files/if_there.ts";
import type { SupervisorEndpoint } from "../../supervise/api/api_types.ts";
import type { AppContext } from "../context.ts";

/** A loopback connection takes less than a millisecond, unless the queue of the listener is full. */
const CONNECT_MS = 1_000;

/**
 * Identifies the supervisor that listens for requests, without sending one: the cheap question of commands
 * that need no answer from it. `findSupervisor()` proves who listens.
 *
 * @param context Home and environment.
 * @returns The contents of its endpoint file; null if none listens, or the file cannot be read.
 */
export async function listeningSupervisor(
  { paths }: Pick<AppContext, "paths">,
): Promise<string | null> {
  try {
    const text = ifThere(() => Deno.readTextFileSync(regularFile(paths.supervisorEndpoint)));
    if (text === null) return null;
    const { hostname, port } = new URL((JSON.parse(text) as SupervisorEndpoint).url);
    const signal = AbortSignal.timeout(CONNECT_MS);
    using _connection = await Deno.connect({ hostname, port: Number(port), signal });
    return text;
  } catch {
    // Refused: it was killed. Commands that need it report an endpoint file that cannot be read.
    return null;
  }
}
