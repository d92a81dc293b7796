import { openContext } from "../../../app/context.ts";
import { examine } from "../../../app/doctor/examine.ts";
import type { Finding } from "../../../app/doctor/finding.ts";
import type { Invocation } from "../../command.ts";
import { renderFinding } from "../../render/finding.ts";
import type { spec } from "./spec.ts";

/** `hale doctor`: reports problems with their remedies. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const context = openContext({ home: common.home, unsafe: true });
  const executable = Deno.build.standalone ? await Deno.realPath(Deno.execPath()) : null;
  const findings: Finding[] = [];
  for await (const finding of examine(context, { repair: flags.repair, executable, signal })) {
    findings.push(finding);
    const isShown = finding.status !== "ok" || !output.quiet;
    if (!common.json && isShown) output.result(renderFinding(finding, output.stdout.color));
  }
  const problems = findings.filter(({ status }) => status === "wrong").length;
  if (common.json) output.json({ ok: problems === 0, home: context.home, findings });
  else if (problems === 0) output.note("No problems found.");
  else output.note(`${problems} ${problems === 1 ? "problem" : "problems"} found.`);
  return problems === 0 ? 0 : 1;
}
