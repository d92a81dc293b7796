/**
 * The transcripts, one test for each file. `HALE_UPDATE_TRANSCRIPTS=1` rewrites their expectations.
 *
 * @module
 */

import { fromFileUrl, join, relative } from "@std/path";
import { haleTest } from "./hale.ts";
import { parseTranscript } from "./transcript/parse_transcript.ts";
import { applyRevisions, runTranscript } from "./transcript/run_transcript.ts";

const FOLDER = fromFileUrl(new URL("transcripts", import.meta.url));
const ROOT = fromFileUrl(new URL("../..", import.meta.url));
const update = Deno.env.get("HALE_UPDATE_TRANSCRIPTS") === "1";

for (const path of transcriptsIn(FOLDER)) {
  // Git may check files out with Windows line ends.
  const source = Deno.readTextFileSync(path).replaceAll("\r\n", "\n");
  const transcript = parseTranscript(relative(ROOT, path), source);
  const ignore = Deno.build.os !== "linux" && /^Linux only: /m.test(source);
  haleTest(transcript.title, async (hale) => {
    const revisions = await runTranscript(transcript, hale, { update });
    if (revisions.length === 0) return;
    await Deno.writeTextFile(path, applyRevisions(source, revisions));
    console.log(`${transcript.path}: ${revisions.length} expectations rewritten`);
  }, { ignore });
}

function transcriptsIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)]
    .toSorted((one, other) => one.name < other.name ? -1 : 1)
    .flatMap(({ name, isDirectory }) => {
      const path = join(folder, name);
      if (isDirectory) return transcriptsIn(path);
      return name.endsWith(".md") && name !== "README.md" ? [path] : [];
    });
}
