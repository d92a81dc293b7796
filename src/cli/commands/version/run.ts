import { targetName } from "../../../model/target.ts";
// Not from platform/mod.ts: it would load the process tables, which lengthens start-up.
import { hostTarget } from "../../../platform/host_target.ts";
import { VERSION } from "../../../version.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale version`: shows the versions of hale and Deno, and the platform. */
export function run({ common, output }: Invocation<typeof spec>): Promise<number> {
  const deno = Deno.version.deno;
  const target = targetName(hostTarget());
  if (common.json) output.json({ version: VERSION, deno, target });
  else output.result(`hale ${VERSION} (deno ${deno}, ${target})`);
  return Promise.resolve(0);
}
