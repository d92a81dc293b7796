import type { Completion } from "../../command.ts";
import type { Invocation } from "../../command.ts";
import {
  type Candidate,
  type CompletedLine,
  completeLine,
} from "../../completions/complete_line.ts";
import type { spec } from "./spec.ts";

/**
 * `hale __complete`: answers a shell what fits as the last of the words after `--`.
 *
 * The first line says what it is: `:words`, with one a line after it, a tab and what it means;
 * `:files`, `:folders` or `:command`, which the shell knows itself. It fails never and says nothing
 * else: its reader is in the middle of a line.
 */
export async function run(
  { commands, rest, flags, output }: Invocation<typeof spec>,
): Promise<number> {
  const words = flags.newWord ? [...rest, ""] : rest;
  const line = completeLine(words, commands);
  const { fitting } = line;
  if (fitting.kind !== "words" && fitting.kind !== "names") {
    output.result(`:${fitting.kind}`);
    return 0;
  }
  const candidates = fitting.kind === "words" ? fitting.candidates : await named(fitting, line);
  const current = words.at(-1) ?? "";
  const fit = candidates.filter(({ word }) => word.startsWith(current) && isOneLine(word));
  output.result([":words", ...fit.map(({ word, summary }) => `${word}\t${summary}`)].join("\n"));
  return 0;
}

async function named(
  { of, prefix, taken }: { of: Completion; prefix: string; taken: readonly string[] },
  line: CompletedLine,
): Promise<readonly Candidate[]> {
  const names = await NAMES[of](line);
  return names.filter((name) => !taken.includes(name)).map((name) => ({
    word: prefix + name,
    summary: "",
  }));
}

const NAMES: Readonly<Record<Completion, (line: CompletedLine) => Promise<readonly string[]>>> = {
  async service({ config, home }) {
    const [{ openContext }, { serviceNames }] = await Promise.all([
      import("../../../app/context.ts"),
      import("../../../app/project/service_names.ts"),
    ]);
    return await serviceNames(openContext({ home }), config);
  },
  async preset() {
    const { readPresets } = await import("../../../config/schema/presets.ts");
    return readPresets().map(({ name }) => name);
  },
  async shell() {
    const { COMPLETION_SCRIPTS } = await import("../../completions/shells.ts");
    return Object.keys(COMPLETION_SCRIPTS);
  },
  command: () => Promise.resolve([]),
};

/** What would be read as something else by the shell's script. */
function isOneLine(word: string): boolean {
  return !/[\p{Cc}]/u.test(word);
}
