import type { AuditRecord } from "../../model/audit_record.ts";
import type { Color, Style } from "../output/color.ts";
import { renderTable } from "./table.ts";
import { renderTime } from "./time.ts";

/**
 * Renders records of the audit log as a table.
 *
 * @param records The records.
 * @param color Styles texts for the output stream.
 * @returns The table, one line a record.
 */
export function renderAudit(records: readonly AuditRecord[], color: Color): string {
  const columns = [
    { header: "TIME" },
    { header: "RUNTIME" },
    { header: "SERVICE" },
    { header: "ACTION" },
    { header: "PID", align: "right" },
    { header: "BY" },
    { header: "WHY" },
  ] as const;
  return renderTable(
    columns,
    records.map((record) => {
      const { timestampEpochSecs, runtime = "", server, action, pid, actor, reason } = record;
      const time = renderTime(new Date(timestampEpochSecs * 1000).toISOString());
      const cells = [
        time.replace(/\.\d+$/, ""),
        runtime,
        server,
        action,
        pid === undefined ? "" : String(pid),
        actor.how === "supervisor" ? "hale" : `${actor.user} (${actor.how})`,
        reason ?? "",
      ].map(firstLine);
      const style = STYLES[action];
      if (style !== undefined) cells[3] = color(style, cells[3]!);
      return cells;
    }),
  );
}

const STYLES: Readonly<Record<string, Style>> = {
  "policy-denied": "red",
  "kill": "red",
  "recover": "yellow",
  "auto-restart": "yellow",
};

/** Host programs choose these texts. */
function firstLine(text: string): string {
  return text.split("\n", 1)[0]!;
}
