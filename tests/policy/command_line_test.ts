import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { dirname, join } from "@std/path";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import type { AuditRecord } from "../../src/model/audit_record.ts";
import { recordAudit } from "../../src/mod.ts";
import { HaleError } from "../../src/errors.ts";
import { type Hale, haleTest } from "../e2e/hale.ts";
import { SLEEPER } from "../e2e/services.ts";
import { ReleasesServer } from "../fixtures/releases_server.ts";

const BODY = "#!/bin/sh\nexec sleep 60\n";

/** A service whose release is on the server. */
async function releasedTool(server: ReleasesServer): Promise<ServiceTables> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(BODY));
  const sha256 = new Uint8Array(digest).toHex();
  server.route("/1.0/SHA256SUMS", { kind: "answer", body: `${sha256}  tool-1.0\n` });
  server.route("/1.0/tool-1.0", { kind: "answer", body: BODY });
  return {
    version: "1.0",
    release: {
      endpoint: server.endpoint,
      url: "${release.endpoint}/${version}/${asset}",
      checksums: "${release.endpoint}/${version}/SHA256SUMS",
      asset: "tool-1.0",
    },
  };
}

async function writePolicy(hale: Hale, text: string): Promise<void> {
  await Deno.mkdir(hale.home, { recursive: true });
  await Deno.writeTextFile(join(hale.home, "policy.toml"), text);
}

async function records(hale: Hale, ...args: string[]): Promise<readonly AuditRecord[]> {
  return await hale.json("audit", ...args);
}

/** Service and action of each record so far. */
async function actions(hale: Hale, ...args: string[]): Promise<readonly string[]> {
  return (await records(hale, ...args)).map(({ server, action }) => `${server} ${action}`);
}

function auditFile(hale: Hale): string {
  return join(hale.home, "audit", "audit.jsonl");
}

haleTest(
  "hale up searches and downloads nothing and exits with 8 when the policy denies a service",
  async (hale) => {
    await using server = new ReleasesServer();
    await hale.services({ tool: await releasedTool(server), other: SLEEPER });
    await writePolicy(hale, '[services]\ndeny = ["TOOL"]\n');
    const { code, stdout } = await hale.run("up", "--json");
    const { error } = JSON.parse(stdout);
    assertEquals([code, error.code], [8, "policy_denied"]);
    assertStringIncludes(
      error.message,
      'policy.toml denies it (services.deny has "TOOL" on line 2)',
    );
    assertEquals({ requests: server.requests(), files: hale.filesIn("cache") }, {
      requests: 0,
      files: [],
    });
    assertEquals(await hale.processesOf("tool"), []);
    const { state, reason } = await hale.status("tool");
    assertEquals({ state, code: reason?.code }, { state: "crashed", code: "policy_denied" });
    assertEquals((await hale.status("other")).state, "running");
    assertEquals(new Set(await actions(hale)), new Set(["tool policy-denied", "other start"]));
    const [denied] = await records(hale, "--service", "tool");
    assertEquals({ how: denied!.actor.how, pid: denied!.pid }, { how: "cli", pid: undefined });

    // The policy is read again before the next start.
    await writePolicy(hale, "");
    await hale.ok("up");
    assertEquals(await actions(hale, "--service", "tool"), [
      "tool policy-denied",
      "tool fetch",
      "tool start",
    ]);
    assertStringIncludes(
      (await hale.ok("audit", "--verify")).stdout,
      "ok: 4 records, last hash ",
    );
  },
);

haleTest(
  "hale up denies everything and names the line when the policy is invalid",
  async (hale) => {
    await hale.services({ api: SLEEPER });
    await writePolicy(hale, '[services]\ndeny = ["x"]\n[release]\nallow = []\n');
    const { code, stderr } = await hale.run("up");
    assertEquals(code, 8);
    assertStringIncludes(stderr, "line 3: release: unknown key");
    assertEquals(await hale.processesOf("api"), []);
    assertEquals(await actions(hale), ["api policy-denied"]);
  },
);

haleTest(
  "hale does not restart a service when the policy denies it after the launch",
  async (hale) => {
    await hale.services({ api: SLEEPER });
    await hale.ok("up");
    const { pid } = await hale.status("api");
    await writePolicy(hale, '[servers]\ndeny = ["*"]\n');
    assertEquals((await hale.status("api")).state, "running");
    Deno.kill(pid!, "SIGKILL");
    const { reason } = await hale.statusOnce("api", ({ state }) => state === "crashed");
    assertEquals({ code: reason?.code, processes: await hale.processesOf("api") }, {
      code: "policy_denied",
      processes: [],
    });
    assertEquals(await actions(hale), ["api start", "api exit", "api policy-denied"]);
  },
);

haleTest(
  "hale fetch opens no connection when the policy does not allow the release",
  async (hale) => {
    await using server = new ReleasesServer();
    await hale.services({ tool: await releasedTool(server) });
    await writePolicy(hale, '[releases]\nallow = ["https://releases.rivet.dev"]\n');
    for (const command of ["fetch", "up"]) {
      const { code, stderr } = await hale.run(command);
      assertEquals(code, 8, stderr);
      assertStringIncludes(stderr, `no entry of releases.allow in ${hale.home}/policy.toml allows`);
      assertStringIncludes(stderr, `${server.endpoint}/1.0/tool-1.0`);
    }
    assertEquals({ requests: server.requests(), processes: await hale.processesOf("tool") }, {
      requests: 0,
      processes: [],
    });
    assertEquals(await actions(hale), ["tool policy-denied", "tool policy-denied"]);

    await writePolicy(
      hale,
      `[releases]\nallow = ["${server.endpoint}"]\nrequire_checksum = true\n`,
    );
    const path = (await hale.ok("fetch")).stdout.trim();
    const fetched = (await records(hale)).at(-1)!;
    assertEquals({ action: fetched.action, command: fetched.command, how: fetched.actor.how }, {
      action: "fetch",
      command: path,
      how: "cli",
    });
    assertEquals(fetched.reason, `from ${server.endpoint}/1.0/tool-1.0`);
    // A cached release is not fetched again.
    await hale.ok("fetch");
    assertEquals((await records(hale)).length, 3);
  },
);

haleTest(
  "hale audit shows every action of a service when its supervisor was killed in between",
  async (hale) => {
    await hale.services({ api: { ...SLEEPER, args: ["60"], restart: { delay: "1ms" } } });
    await hale.ok("up");
    const { pid: first } = await hale.status("api");
    await hale.killSupervisor();
    await hale.ok("up");
    const adopted = await hale.status("api");
    assertEquals(adopted.pid, first);
    Deno.kill(first!, "SIGKILL");
    const { pid: second } = await hale.statusOnce(
      "api",
      (status) => status.state === "running" && status.pid !== first,
    );
    await hale.ok("restart", "api");
    const { pid: third } = await hale.status("api");
    await hale.ok("down");

    const recorded = await records(hale);
    assertEquals(recorded.map(({ action, pid }) => `${action} ${pid}`), [
      `start ${first}`,
      `adopt ${first}`,
      `exit ${first}`,
      `auto-restart ${second}`,
      `stop ${second}`,
      `exit ${second}`,
      `restart ${third}`,
      `stop ${third}`,
      `exit ${third}`,
    ]);
    const requested = recorded.filter(({ actor }) => actor.how === "cli").map(({ action }) =>
      action
    );
    assertEquals(requested, ["start", "stop", "restart", "stop"]);
    const user = hale.env.USER || hale.env.LOGNAME || hale.env.USERNAME || `uid ${Deno.uid()}`;
    for (const { actor, server, args, command } of recorded) {
      assertEquals({ user: actor.user, uid: actor.uid }, { user, uid: Deno.uid() ?? undefined });
      assertEquals([server, args], ["api", ["60"]]);
      assertMatch(command!, /\/sleep$/);
    }
    const table = (await hale.ok("audit", "-n", "2")).stdout.trimEnd().split("\n");
    assertEquals(table.length, 3);
    assertMatch(table[0]!, /^TIME +RUNTIME +SERVICE +ACTION +PID +BY +WHY$/);
    assertMatch(table[2]!, new RegExp(` api +exit +${third} +hale +was killed by SIGTERM$`));
  },
);

haleTest(
  "hale audit --verify names the changed line, and --expect finds removed records",
  async (hale) => {
    assertStringIncludes((await hale.ok("audit")).stderr, "no records");
    assertEquals(await hale.json("audit"), []);
    assertEquals((await hale.json("audit", "--verify")).records, 0);
    for (const action of ["backup", "restore", "backup"]) {
      await recordAudit("db", action, { home: hale.home, reason: "nightly" });
    }
    const { ok, records: count, head } = await hale.json("audit", "--verify");
    assertEquals([ok, count], [true, 3]);
    assertEquals((await hale.json("audit", "--verify", "--expect", head)).head, head);

    const text = await Deno.readTextFile(auditFile(hale));
    const lines = text.trimEnd().split("\n");
    await Deno.writeTextFile(auditFile(hale), text.replace("restore", "destroy"));
    const changed = await hale.run("audit", "--verify");
    assertEquals(changed.code, 9);
    assertStringIncludes(changed.stderr, `Line 2 of ${auditFile(hale)} is wrong: it was changed`);
    await Deno.writeTextFile(auditFile(hale), `${lines[0]}\n${lines[2]}\n`);
    const { error } = await hale.json("audit", "--verify");
    assertEquals({ code: error.code, line: error.fields.line }, { code: "store_corrupt", line: 2 });
    await Deno.writeTextFile(auditFile(hale), `${lines[0]}\n${lines[1]}\n`);
    await hale.ok("audit", "--verify");
    const { code, stderr } = await hale.run("audit", "--expect", head);
    assertEquals(code, 9);
    assertStringIncludes(stderr, "records were removed from its end");
    assertEquals((await hale.run("audit", "--expect", "x")).code, 2);
  },
);

haleTest("recordAudit() refuses invalid arguments and masks secrets", async (hale) => {
  const { home } = hale;
  for (
    const [server, action, pid, says] of [
      ["db", " ", undefined, "recordAudit: `action` must not be empty."],
      ["", "backup", undefined, "recordAudit: `server` must not be empty."],
      ["db", "backup", 0, "recordAudit: `pid` is 0, expected a positive integer."],
    ] as const
  ) {
    const options = { home, ...pid === undefined ? {} : { pid } };
    const error = await assertRejects(() => recordAudit(server, action, options), HaleError, says);
    assertEquals(error.code, "usage");
  }
  assertEquals(hale.filesIn(), []);
  await recordAudit("db", "backup", {
    home,
    command: "pg_dump",
    args: ["-d", "postgres://u:p@h/d"],
  });
  const [record] = await records(hale);
  assertEquals({ how: record!.actor.how, command: record!.command }, {
    how: "library",
    command: "pg_dump",
  });
  assertEquals(record!.args, ["-d", "postgres://***@h/d"]);
  assert((await Deno.stat(dirname(auditFile(hale)))).isDirectory);
});
