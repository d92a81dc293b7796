import { openContext } from "../../../app/context.ts";
import { loadProject } from "../../../app/project/project.ts";
import { ProjectLock } from "../../../app/releases/project_lock.ts";
import { type ResolvedService, resolveService } from "../../../app/services/resolve_service.ts";
import { status } from "../../../app/services/status.ts";
import { selectServices } from "../../../app/project/select_services.ts";
import { EXIT_STATUS, HaleError } from "../../../errors.ts";
import type { ResolveStep } from "../../../resolve/search/resolution.ts";
import type { Invocation } from "../../command.ts";
import type { Output } from "../../output/output.ts";
import { renderTable } from "../../render/table.ts";
import type { spec } from "./spec.ts";

/** `hale resolve`: shows which executable a service would run. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const spec = selectServices(project, [args.service]).find(({ name }) => name === args.service)!;
  try {
    // As in `up`: a running instance counts only if hale did not start it.
    const known = await status(project.id, null, context);
    const reuseRunning = !known.some(({ name, pid }) => name === spec.name && pid !== null);
    const found = await resolveService(spec, context, {
      signal,
      download: false,
      reuseRunning,
      lock: await ProjectLock.open(project, {
        onOtherAsset: ({ message }) => output.warn(message),
      }),
      verify: flags.verify,
    });
    if (common.json) output.json(asJson(found));
    else show(found, flags.explain, output);
    return found.needed === null || flags.explain ? 0 : EXIT_STATUS.binary_unavailable;
  } catch (error) {
    // The steps show more than the error alone.
    const steps = error instanceof HaleError ? error.fields.steps : undefined;
    if (flags.explain && !common.json && Array.isArray(steps)) explain(steps, output);
    throw error;
  }
}

function asJson({ spec, binary, external, version, needed, artifact, steps }: ResolvedService) {
  return { name: spec.name, binary, external, version, needed, artifact: artifact ?? null, steps };
}

function show(
  { spec, binary, external, needed, steps }: ResolvedService,
  explained: boolean,
  output: Output,
): void {
  if (explained) explain(steps, output);
  if (needed !== null) {
    if (explained) return;
    output.message(`${spec.name} is not installed: \`hale fetch\` downloads it from ${needed}`);
  } else if (external) output.result(`${spec.name} already runs at ${spec.endpoint}`);
  else {output.result(
      binary !== null
        ? output.stdout.value(binary)
        : `${spec.name} has no program: hale only checks its health`,
    );}
}

const COLORS = { taken: "green", passed: "dim", needed: "yellow", failed: "red" } as const;

function explain(steps: readonly ResolveStep[], output: Output): void {
  const { color } = output.stdout;
  output.result(renderTable(
    [{ header: "STEP" }, { header: "OUTCOME" }, { header: "WHY" }],
    steps.map(({ step, outcome, detail }) => [
      step.replace("_", " "),
      color(COLORS[outcome], outcome),
      detail,
    ]),
  ));
}
