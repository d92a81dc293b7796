import { assertEquals } from "@std/assert";
import { openAuditLog } from "../../src/app/governance/audit_trail.ts";
import type { Actor, AuditRecord } from "../../src/model/audit_record.ts";
import type { AuditLog } from "../../src/audit/audit_log.ts";
import { verifyAudit } from "../../src/audit/verify_audit.ts";
import { homePaths } from "../../src/home/home_paths.ts";
import type { Supervisor } from "../../src/supervise/runtime/supervisor.ts";
import { SupervisedHome, type TestSupervisorOptions } from "../fixtures/supervised_home.ts";
import { until } from "../fixtures/until.ts";

export const ANN: Actor = { user: "ann", uid: 1000, how: "cli" };

export class PolicedHome extends SupervisedHome {
  policy(text: string): void {
    Deno.mkdirSync(this.path, { recursive: true });
    Deno.writeTextFileSync(homePaths(this.path).policy, text);
  }

  readonly #logs: AuditLog[] = [];

  /** Records every action in a real audit log. */
  override supervisor(options: TestSupervisorOptions = {}): Supervisor {
    const log = openAuditLog(homePaths(this.path), {
      actor: { user: "hale", how: "supervisor" },
      onProblem: (error) => this.problems.push(error),
    });
    this.#logs.push(log);
    return super.supervisor({ onAudit: (entry) => log.add(entry), ...options });
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    for (const log of this.#logs) await log.flush();
    await super[Symbol.asyncDispose]();
  }

  get audit(): readonly AuditRecord[] {
    const text = this.folder.read("home/audit/audit.jsonl");
    return text.split("\n").slice(0, -1).map((line) => JSON.parse(line));
  }

  /** The actions so far, each with its pid if it has one. */
  get actions(): readonly string[] {
    return this.audit.map(({ action, pid }) => pid === undefined ? action : `${action} ${pid}`);
  }

  async assertChained(): Promise<void> {
    const { records } = await verifyAudit(homePaths(this.path).audit);
    assertEquals(records, this.audit.length);
    assertEquals(this.problems, []);
  }

  /** Waits for `count` launches of a service and returns their pids. */
  async launches(name: string, count: number): Promise<readonly number[]> {
    return await until(() => this.runs(name).length === count && this.runs(name));
  }
}
