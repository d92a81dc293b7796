import { openContext } from "../../app/context.ts";
import { fetchServices } from "../../app/fetch.ts";
import { loadProject } from "../../app/project.ts";
import type { InvocationOf } from "../commands.ts";
import { createDownloadDisplay } from "../download_display.ts";
import { createPrefix } from "../render/prefix.ts";

/** `hale fetch`: downloads the executables of services. */
export async function run(invocation: InvocationOf<"fetch">): Promise<number> {
  const { args, common, output, signal } = invocation;
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const prefix = createPrefix(project.services.map(({ name }) => name), output.stderr.paint);
  const downloads = createDownloadDisplay(output);
  const fetched = await fetchServices(project, context, {
    services: args.service,
    signal,
    onProgress: downloads.update,
    onFetched: ({ name, path, from }) => {
      downloads.finish();
      const how = from === "cache" ? "in the cache already" : "downloaded and verified";
      output.note(`${prefix(name)}${how}`);
      if (!common.json) output.result(path);
    },
  }).finally(downloads.finish);
  if (common.json) output.json(fetched);
  if (fetched.length === 0) output.note("no service here has a release");
  return 0;
}
