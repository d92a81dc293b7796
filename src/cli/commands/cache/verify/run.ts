import { verifyCache } from "../../../../app/releases/cache.ts";
import { openContext } from "../../../../app/context.ts";
import { EXIT_STATUS } from "../../../../errors.ts";
import type { Invocation } from "../../../command.ts";
import type { spec } from "./spec.ts";

/** `hale cache verify`: compares the files in the cache with their recorded hashes. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { common, output, signal } = invocation;
  const items = await verifyCache(openContext(common), signal);
  const damaged = items.filter(({ problem }) => problem !== null);
  if (common.json) output.json(items);
  else {
    for (const { name, version, target, path, problem } of items) {
      const artifact = `${name} ${version} ${target}`;
      if (problem === null) {
        output.result(`${output.stdout.color("green", "ok")}       ${artifact}`);
      } else {
        const word = output.stdout.color("red", "damaged");
        output.result(`${word}  ${artifact}  ${path}: ${problem}`);
      }
    }
    if (damaged.length > 0) {
      output.note(
        "hale never runs damaged files. `hale fetch` and `hale up` of a project that uses them " +
          "install them again.",
      );
    }
  }
  return damaged.length === 0 ? 0 : EXIT_STATUS.checksum_mismatch;
}
