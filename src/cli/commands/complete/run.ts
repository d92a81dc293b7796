import type { Completion, Invocation } from "../../command.ts";
import {
  type Candidate,
  type CompletedLine,
  completeLine,
} from "../../completions/complete_line.ts";
import type { spec } from "./spec.ts";

/**
 * `hale __complete`: completes the last of the words after `--` for a shell.
 *
 * The first line of the output is the kind: `:words`, followed by one word a line with a tab and its
 * summary; or `:files`, `:folders` or `:command`, which the shell completes itself. It never fails and
 * writes no messages: the user is typing.
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
  const lines = fit.map(({ word, summary }) => output.stdout.value(`${word}\t${summary}`));
  output.result([":words", ...lines].join("\n"));
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
    const { PRESET_NAMES } = await import("../../../config/schema/presets.ts");
    return PRESET_NAMES;
  },
  async shell() {
    const { COMPLETION_SCRIPTS } = await import("../../completions/shells.ts");
    return Object.keys(COMPLETION_SCRIPTS);
  },
  topic: () => Promise.resolve([]),
};

/** Control characters would break the format of the output. */
function isOneLine(word: string): boolean {
  return !/[\p{Cc}]/u.test(word);
}
