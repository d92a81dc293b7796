import { DEFAULT_RUNTIME } from "../../app/project/project.ts";
import type { FoundRuntime } from "../../app/project/find_runtime.ts";
import type { TextStream } from "../output/text_stream.ts";
import type { RenderStatusOptions } from "../render/status_table.ts";

/**
 * Returns how a command shows the status of services.
 *
 * @param stdout Where it is written. Only a terminal has a width; a file or a pipe gets everything.
 * @param runtime The runtime of the services. Those that were started without a `hale.toml` are not
 * restarted by `hale up`; one that was removed from the file is restarted by no command.
 * @returns The layout.
 */
export function statusLayout(
  stdout: Pick<TextStream, "isTerminal" | "columns" | "color">,
  { id, spec }: Pick<FoundRuntime, "id" | "spec">,
): RenderStatusOptions {
  const isRemoved = (name: string) =>
    spec !== null && !spec.services.some((service) => service.name === name);
  return {
    color: stdout.color,
    ...(stdout.isTerminal ? { width: stdout.columns } : {}),
    restartWith: (name) =>
      id === DEFAULT_RUNTIME ? `hale restart ${name}` : isRemoved(name) ? null : "hale up",
  };
}
