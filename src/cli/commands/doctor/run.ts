import { openContext } from "../../../app/context.ts";
import { examine } from "../../../app/doctor/examine.ts";
import type { Finding } from "../../../app/doctor/finding.ts";
import type { Invocation } from "../../command.ts";
import { renderFinding } from "../../render/finding.ts";
import type { spec } from "./spec.ts";

/** `hale doctor`: says what is wrong, and what to do about it. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output, signal } = invocation;
  const context = openContext({ home: common.home, unsafe: true });
  const findings: Finding[] = [];
  for await (const finding of examine(context, { repair: flags.repair, signal })) {
    findings.push(finding);
    const isNews = finding.status !== "ok" || !output.quiet;
    if (!common.json && isNews) output.result(renderFinding(finding, output.stdout.color));
  }
  const wrong = findings.filter(({ status }) => status === "wrong").length;
  if (common.json) output.json({ ok: wrong === 0, home: context.home, findings });
  else {output.note(
      wrong === 0
        ? "Nothing is wrong."
        : `${wrong} ${wrong === 1 ? "thing is" : "things are"} wrong.`,
    );}
  return wrong === 0 ? 0 : 1;
}
