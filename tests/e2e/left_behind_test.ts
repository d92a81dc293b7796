import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { freePorts } from "../../scripts/demo/free_ports.ts";
import type { ServiceTables } from "../../src/config/schema/tables.ts";
import { alive } from "../fixtures/script_launch.ts";
import { until } from "../fixtures/until.ts";
import { type Hale, haleTest } from "./hale.ts";

/** Returns the path of a program; null if it is not installed. */
function findProgram(name: string): string | null {
  const folders = [...(Deno.env.get("PATH") ?? "").split(":"), "/usr/lib/postgresql/15/bin"];
  return folders.map((folder) => join(folder, name)).find((path) => {
    try {
      return Deno.statSync(path).isFile;
    } catch {
      return false;
    }
  }) ?? null;
}

/** A test with real programs. It is skipped, and says so, where one of them is missing. */
function programTest(
  name: string,
  programs: readonly string[],
  test: (hale: Hale) => Promise<void>,
): void {
  const missing = programs.filter((program) => findProgram(program) === null);
  if (programs.includes("su") && Deno.uid() !== 0) missing.push("root");
  if (Deno.build.os === "linux" && missing.length === 0) haleTest(name, test);
  else Deno.test({ name: `${name} (skipped: no ${missing.join(", ")})`, ignore: true, fn() {} });
}

async function answers(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    return false;
  }
}

/** Starts a program that daemonizes, and waits until hale has ended it and says why. */
async function reasonOf(hale: Hale, port: number, service: ServiceTables): Promise<string> {
  await hale.services({ web: { ...service, restart: { policy: "always" } } });
  await hale.run("up");
  const status = await until(async () => {
    const [status] = await hale.json("status");
    return status.state === "crashed" && status;
  });
  assertEquals({ code: status.reason.code, restarts: status.restarts }, {
    code: "daemonized",
    restarts: 0,
  });
  assertEquals(await answers(port), false);
  return status.reason.message;
}

programTest("nginx that puts itself into the background is ended", ["nginx"], async (hale) => {
  const [port = 0] = freePorts([0]);
  const config = await hale.write(
    "nginx.conf",
    `pid ${hale.folder}/nginx.pid; error_log ${hale.folder}/error.log;
    events {} http { access_log off; server { listen 127.0.0.1:${port}; } }`,
  );
  const service = { command: "nginx", args: ["-p", hale.folder, "-c", config] };
  const message = await reasonOf(hale, port, service);
  assertStringIncludes(message, 'Run it in the foreground: add `-g "daemon off;"`.');
});

programTest("redis-server --daemonize yes is ended", ["redis-server"], async (hale) => {
  const [port = 0] = freePorts([0]);
  const args = ["--port", `${port}`, "--daemonize", "yes", "--dir", hale.folder];
  const message = await reasonOf(hale, port, { command: "redis-server", args });
  assertStringIncludes(message, "Run it in the foreground: set `--daemonize no`.");
});

programTest("pg_ctl start is ended", ["pg_ctl", "initdb", "su"], async (hale) => {
  const [port = 0] = freePorts([0]);
  const data = await postgresData(hale);
  const start = `${findProgram("pg_ctl")} -D ${data} -o "-p ${port} -k ${data}" -w start`;
  const service = { command: "su", args: ["postgres", "-c", start] };
  const message = await reasonOf(hale, port, service);
  assertStringIncludes(message, "run `postgres -D DIR` instead of `pg_ctl start`");
});

programTest(
  "the orphan of a killed su is ended before the next launch",
  ["postgres", "initdb", "su"],
  async (hale) => {
    const [port = 0] = freePorts([0]);
    const data = await postgresData(hale);
    const start = `exec ${findProgram("postgres")} -D ${data} -p ${port} -k ${data}`;
    await hale.services({
      db: {
        command: "su",
        args: ["postgres", "-c", start],
        health: { tcp: `127.0.0.1:${port}`, within: "20s" },
        stop: { signal: "SIGINT" },
        restart: { delay: "1ms" },
      },
    });
    await hale.ok("up");
    const [{ pid }] = await hale.json("status");
    const orphans = childrenOf(pid);
    assert(orphans.length > 0);
    Deno.kill(pid, "SIGKILL");
    await until(async () => {
      const [status] = await hale.json("status");
      return status.restarts === 1 && status.health === "healthy";
    });
    assertEquals(await alive(orphans), []);
    const next = childrenOf((await hale.json("status"))[0].pid);
    const { stderr } = await hale.ok("down");
    assertStringIncludes(stderr, "db stopped");
    assertEquals(await alive(next), []);
    assertEquals(await answers(port), false);
  },
);

programTest("node runs under a limit of memory and is ended by it", ["node"], async (hale) => {
  const run = (script: string): ServiceTables => ({
    command: "node",
    args: ["-e", script],
    limits: { memory: "512MiB" },
    restart: { max: 0 },
  });
  await hale.services({
    small: run("setInterval(() => {}, 1e3)"),
    large: run("const kept = []; setInterval(() => kept.push(Buffer.alloc(1 << 25, 1)), 1)"),
  });
  await hale.run("up");
  const reason = await until(async () => {
    const [, large] = await hale.json("status");
    return large.state === "crashed" && large.reason;
  });
  assertStringIncludes(reason.message, "it may have reached limits.memory = 512MiB.");
  const [small] = await hale.json("status");
  assertEquals({ state: small.state, restarts: small.restarts }, { state: "running", restarts: 0 });
});

/** A database cluster that the user postgres owns. */
async function postgresData(hale: Hale): Promise<string> {
  const data = join(hale.folder, "data");
  // The user needs a way to the folder.
  for (const folder of [hale.folder, join(hale.folder, "..")]) await Deno.chmod(folder, 0o755);
  await Deno.mkdir(data, { mode: 0o700 });
  await sh(`chown postgres ${data} && su postgres -c "${findProgram("initdb")} -N -D ${data}"`);
  return data;
}

async function sh(script: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("sh", { args: ["-c", script] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

function childrenOf(parent: number): readonly number[] {
  return [...Deno.readDirSync("/proc")].map(({ name }) => Number(name)).filter((pid) => {
    try {
      const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
      return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent;
    } catch {
      return false;
    }
  });
}
