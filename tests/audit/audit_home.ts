import type { Actor, AuditEntry, AuditRecord } from "../../src/model/audit_record.ts";
import { AuditLog } from "../../src/audit/audit_log.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";

export const ANN: Actor = { user: "ann", uid: 1000, how: "cli" };

/** A folder with an audit log. */
export class AuditHome extends TempFolder {
  readonly log = this.join("audit", "audit.jsonl");
  readonly lock = this.join("audit", "lock");

  /** Lines of the log, without line ends. */
  get lines(): readonly string[] {
    return this.read("audit/audit.jsonl").split("\n").slice(0, -1);
  }

  get records(): readonly AuditRecord[] {
    return this.lines.map((line) => JSON.parse(line));
  }

  /** Replaces all lines. */
  rewrite(lines: readonly string[]): void {
    Deno.writeTextFileSync(this.log, lines.map((line) => `${line}\n`).join(""));
  }

  writer(fileBytes?: number): AuditLog {
    return new AuditLog({
      path: this.log,
      ...(fileBytes === undefined ? {} : { fileBytes }),
      lockPath: this.lock,
      actor: { user: "hale", how: "supervisor" },
      onProblem: (error) => {
        throw error;
      },
    });
  }

  /** Appends entries with these names. */
  async append(...actions: readonly string[]): Promise<void> {
    const log = this.writer();
    for (const action of actions) log.add(act(action));
    await log.flush();
  }
}

export function act(action: string, more: Partial<AuditEntry> = {}): AuditEntry {
  return { server: "api", action, actor: ANN, ...more };
}
