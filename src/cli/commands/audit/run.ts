import { openContext } from "../../../app/context.ts";
import { HaleError } from "../../../errors.ts";
import { readAudit } from "../../../audit/read_audit.ts";
import { verifyAudit } from "../../../audit/verify_audit.ts";
import type { Invocation } from "../../command.ts";
import { reportSupervisor } from "../../services/report_supervisor.ts";
import { renderAudit } from "../../render/audit.ts";
import type { spec } from "./spec.ts";

/** `hale audit`: shows or verifies the audit log. */
export async function run(invocation: Invocation<typeof spec>): Promise<number> {
  const { flags, common, output } = invocation;
  const context = openContext(common);
  const { paths } = context;
  await reportSupervisor(context, output);
  if (flags.verify || flags.expect !== null) return await verify(invocation, paths.audit);
  const { records, broken } = readAudit(paths.audit, {
    limit: flags.limit,
    server: flags.service,
  });
  if (broken > 0) {
    output.warn(
      `${broken} ${broken === 1 ? "line is not a valid record" : "lines are not valid records"}; ` +
        "run `hale audit --verify`",
    );
  }
  if (common.json) output.json(records);
  else if (records.length > 0) output.result(renderAudit(records, output.stdout.color));
  else {
    output.note(flags.service === null ? "no records" : `no records of ${flags.service}`);
  }
  return 0;
}

async function verify(
  { flags, common, output, signal }: Invocation<typeof spec>,
  path: string,
): Promise<number> {
  const { expect } = flags;
  if (expect !== null && !/^[0-9a-f]{64}$/.test(expect)) {
    throw new HaleError(
      "usage",
      `--expect must be the hash of a record, 64 hexadecimal digits as printed by --verify; got ` +
        `"${expect}".`,
    );
  }
  const { records, head, tornBytes } = await verifyAudit(path, { expect, signal });
  if (tornBytes > 0) {
    output.warn(
      `the last ${tornBytes} bytes are an incomplete line: a process is writing it, or was killed ` +
        "while writing. The next record quarantines it if it stays incomplete.",
    );
  }
  if (common.json) output.json({ ok: true, records, head, torn_bytes: tornBytes });
  else output.result(`ok: ${records} ${records === 1 ? "record" : "records"}, last hash ${head}`);
  return 0;
}
