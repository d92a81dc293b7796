import { openContext } from "../../../app/context.ts";
import { upgrade } from "../../../app/upgrade/upgrade.ts";
import { HaleError } from "../../../errors.ts";
import type { Invocation } from "../../command.ts";
import { createDownloadDisplay } from "../../render/download_display.ts";
import type { spec } from "./spec.ts";

/** `hale upgrade`: puts another release in the place of this executable. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  if (!Deno.build.standalone) {
    throw new HaleError(
      "usage",
      "This hale runs from its source, which is upgraded where it came from, such as with git pull.",
    );
  }
  const downloads = createDownloadDisplay(output);
  const done = await upgrade(openContext(common), {
    executable: Deno.execPath(),
    version: args.version,
    check: flags.check,
    signal,
    onProgress: downloads.update,
  }).finally(downloads.finish);
  if (common.json) output.json(done);
  else if (done.replaced) {
    output.result(`hale ${done.to}, before ${done.from}: ${done.path}`);
    if (done.handed_over) output.note("its supervisor has taken over; services run on");
  } else if (done.newer) {
    output.result(`hale ${done.to} is released; this is ${done.from}. To have it: hale upgrade`);
  } else output.result(`hale ${done.from} is up to date (released: ${done.to})`);
  return 0;
}
