import { openContext } from "../../app/context.ts";
import { loadProject } from "../../app/project.ts";
import { resolveService } from "../../app/resolve_service.ts";
import { selectServices } from "../../app/select_services.ts";
import { HaleError } from "../../errors.ts";
import type { ResolveStep } from "../../resolve/resolution.ts";
import type { InvocationOf } from "../commands.ts";
import type { Output } from "../output.ts";
import { renderTable } from "../render/table.ts";

/** `hale resolve`: shows which executable a service would run. */
export async function run(invocation: InvocationOf<"resolve">): Promise<number> {
  const { args, flags, common, output, signal } = invocation;
  const context = openContext(common);
  const project = await loadProject(context, common.config);
  const spec = selectServices(project, [args.service]).find(({ name }) => name === args.service)!;
  try {
    const found = await resolveService(spec, context, { signal, download: false });
    const { binary, external, version, steps } = found;
    if (flags.explain && !common.json) explain(steps, output);
    if (common.json) output.json({ name: spec.name, binary, external, version, steps });
    else if (external) output.result(`${spec.name} already runs at ${spec.endpoint}`);
    else output.result(binary ?? `${spec.name} is only watched: hale starts nothing for it`);
    return 0;
  } catch (error) {
    // What was looked at tells more than what was not found.
    const steps = error instanceof HaleError ? error.fields.steps : undefined;
    if (flags.explain && !common.json && Array.isArray(steps)) explain(steps, output);
    throw error;
  }
}

function explain(steps: readonly ResolveStep[], output: Output): void {
  const paint = output.stdout.paint;
  const word = (outcome: ResolveStep["outcome"]) =>
    outcome === "passed"
      ? paint("dim", outcome)
      : paint(outcome === "taken" ? "green" : "red", outcome);
  output.result(renderTable(
    [{ header: "STEP" }, { header: "OUTCOME" }, { header: "WHY" }],
    steps.map(({ step, outcome, detail }) => [step.replace("_", " "), word(outcome), detail]),
  ));
}
