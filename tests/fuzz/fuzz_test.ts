import { assertEquals } from "@std/assert";
import { readCorpus } from "./explore.ts";
import { TARGETS } from "./target_names.ts";
import { watchTarget } from "./watch_target.ts";

/** `deno task fuzz` runs for as long as is asked for. */
const RUNS = 60;

/** With which a failure of a new input is repeated. */
const SEED = Number(
  Deno.env.get("HALE_FUZZ_SEED") ?? crypto.getRandomValues(new Uint16Array(1))[0],
);

/** Their properties are about modes, links and files that are removed while they are open. */
const NOT_ON_WINDOWS = ["tar", "gzip", "zip", "events", "snapshot", "api_request", "api_body"];

for (const name of TARGETS) {
  const ignore = Deno.build.os === "windows" && NOT_ON_WINDOWS.includes(name);
  const title = `the corpus of ${name} and ${RUNS} new inputs hold all properties`;
  Deno.test(title, { ignore }, async () => {
    const { inputs, failures } = await watchTarget(name, {
      seed: SEED,
      runs: RUNS,
      until: Infinity,
    });
    const texts = failures.map(({ file, kind, error, input }) =>
      `${file ?? `a new input (HALE_FUZZ_SEED=${SEED})`}: ${kind}\n${error}\n` +
      `The input in base64: ${input.toBase64()}`
    );
    assertEquals(texts.join("\n\n"), "");
    assertEquals(inputs >= readCorpus(name).size + RUNS, true, "not all inputs were checked");
  });
}
