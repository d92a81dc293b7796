import { openContext } from "../../../app/context.ts";
import { findRuntime } from "../../../app/project/find_runtime.ts";
import { remove } from "../../../app/services/remove.ts";
import type { Invocation } from "../../command.ts";
import type { spec } from "./spec.ts";

/** `hale rm`: forgets stopped services. */
export async function run({ args, common, output }: Invocation<typeof spec>): Promise<number> {
  const context = openContext(common);
  const runtime = await findRuntime(context, common.config, args.service);
  const removed = await remove(runtime, args.service, context);
  if (common.json) output.json(removed);
  for (const { name, kept_data } of removed) {
    const kept = kept_data === null ? "" : `; its own data is still in ${kept_data}`;
    output.note(`${name} removed, with its logs and history${kept}`);
  }
  return 0;
}
