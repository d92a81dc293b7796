import { openContext } from "../../../app/context.ts";
import { upgrade } from "../../../app/upgrade/upgrade.ts";
import { HaleError } from "../../../errors.ts";
import type { Invocation } from "../../command.ts";
import { createDownloadDisplay } from "../../render/download_display.ts";
import { renderUpgrade } from "./render_upgrade.ts";
import type { spec } from "./spec.ts";

/** `hale upgrade`: replaces this executable with another release. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  if (!Deno.build.standalone) {
    throw new HaleError(
      "usage",
      "This hale runs from source and cannot replace itself. Update the source, for example with " +
        "git pull.",
    );
  }
  const downloads = createDownloadDisplay(output);
  const result = await upgrade(openContext(common), {
    executable: Deno.execPath(),
    version: args.version,
    check: flags.check,
    signal,
    onProgress: downloads.update,
  }).finally(downloads.finish);
  if (common.json) output.json(result);
  else {
    const text = renderUpgrade(result);
    output.result(text.result);
    if (text.note !== null) output.note(text.note);
  }
  return 0;
}
