/**
 * The environment of a transcript: programs, free ports, servers, and the values of their placeholders.
 *
 * @module
 */

import { join } from "@std/path";
import type { Hale } from "../hale.ts";
import { FolderServer } from "./folder_server.ts";
import type { Transcript } from "./parse_transcript.ts";
import { type Bindings, kindOf, placeholdersIn } from "./placeholders.ts";
import { writePrograms } from "./programs.ts";

/** The environment. Disposing of it closes the servers. */
export interface World extends AsyncDisposable {
  readonly bindings: Bindings;
}

const ARCHITECTURES = { x86_64: "amd64", aarch64: "arm64" };

/**
 * Prepares the environment of a transcript. `{SERVER}` is the URL of a server for the files in `server/`,
 * `{OTHER_SERVER}` for those in `other_server/`, `{SERVER_PORT}` is its port; every other placeholder
 * of a port is a free port.
 *
 * @param transcript The transcript.
 * @param hale The folder and the home.
 */
export async function prepareWorld(transcript: Transcript, hale: Hale): Promise<World> {
  const programs = join(hale.folder, "..", "bin");
  await writePrograms(programs);
  hale.env.PATH = `${programs}:${hale.env.PATH}`;
  const bindings = new Map([
    ["DIR", hale.folder],
    ["HOME", hale.home],
    ["TARGET", `${Deno.build.os}-${ARCHITECTURES[Deno.build.arch]}`],
  ]);
  await using servers = new AsyncDisposableStack();
  for (const name of namesIn(transcript)) {
    if (bindings.has(name)) continue;
    const server = /^(.*SERVER)(_PORT)?$/.exec(name)?.[1];
    if (server !== undefined) {
      const { port } = servers.use(new FolderServer(join(hale.folder, server.toLowerCase())));
      bindings.set(server, `http://127.0.0.1:${port}`).set(`${server}_PORT`, String(port));
    } else if (kindOf(name) === "PORT") {
      bindings.set(name, String(freePort()));
    }
  }
  const kept = servers.move();
  return { bindings, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

function namesIn({ parts }: Transcript): Set<string> {
  const texts = parts.map((part) =>
    part.kind === "file" ? part.text : [part.command, ...part.expected].join("\n")
  );
  return new Set(texts.flatMap(placeholdersIn));
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
