/** Every command of hale, in a state in which it waits: the first signal ends it. */

import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { COMMANDS } from "../../src/cli/registry.ts";
import { until } from "../fixtures/until.ts";
import type { CommandRun } from "./command_run.ts";
import { type Hale, haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

/** What a command waits for. */
type Wait =
  /** The answer of a supervisor that does not answer. */
  | { readonly for: "supervisor"; readonly args: readonly string[] }
  /** The answer of a server that does not answer. */
  | { readonly for: "server"; readonly args: readonly string[] }
  /** Something new to show. */
  | { readonly for: "news"; readonly args: readonly string[] }
  /** Nothing: it ends by itself. */
  | { readonly for: "nothing"; readonly args: readonly string[] };

const supervisor = (...args: string[]): Wait => ({ for: "supervisor", args });
const server = (...args: string[]): Wait => ({ for: "server", args });
const news = (...args: string[]): Wait => ({ for: "news", args });
const nothing = (...args: string[]): Wait => ({ for: "nothing", args });

/**
 * The commands. Not here, because they end in another way: `hale supervise` and `hale up --foreground`,
 * which end their services in order, and a pager, which has the terminal.
 */
const WAITS: Readonly<Record<string, readonly Wait[]>> = {
  "init": [nothing("init", "-c", "other.toml")],
  "up": [supervisor("up"), supervisor("up", "--timeout", "1h")],
  "down": [supervisor("down")],
  "start": [supervisor("start", "other", "--", "sleep", "60")],
  "stop": [supervisor("stop", "web")],
  "restart": [supervisor("restart", "web")],
  "rm": [supervisor("rm", "old")],
  "status": [supervisor("status"), news("status", "--watch", "--json")],
  "logs": [news("logs", "web", "--follow")],
  "events": [news("events", "--follow")],
  "history": [nothing("history", "web")],
  "audit": [nothing("audit"), nothing("audit", "--verify")],
  "resolve": [server("resolve", "probed", "--explain")],
  "fetch": [server("fetch", "tool"), server("fetch", "--all-targets", "tool")],
  "cache ls": [nothing("cache", "ls")],
  "cache verify": [nothing("cache", "verify")],
  "cache prune": [nothing("cache", "prune", "--keep", "1")],
  "config check": [nothing("config", "check")],
  "doctor": [supervisor("doctor")],
  "help": [nothing("help")],
  "completions": [nothing("completions", "bash")],
  "__complete": [nothing("__complete", "--", "logs", "")],
  // Only an executable is replaced, and its wait is that of `fetch`.
  "upgrade": Deno.env.has("HALE_BIN") ? [server("upgrade", "--check")] : [],
  "version": [nothing("version")],
  "supervise": [supervisor("supervise", "--replace")],
};

/** Accepts connections and is silent. */
class SilentServer implements Disposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections: Deno.Conn[] = [];
  readonly url = `http://127.0.0.1:${(this.#listener.addr as Deno.NetAddr).port}`;

  constructor() {
    this.#accept();
  }

  get connected(): number {
    return this.#connections.length;
  }

  [Symbol.dispose](): void {
    this.#listener.close();
    for (const connection of this.#connections) connection.close();
  }

  async #accept(): Promise<void> {
    try {
      for await (const connection of this.#listener) this.#connections.push(connection);
    } catch {
      // It is closed.
    }
  }
}

/** Services that ran under a supervisor of which the lock and the port are left, and no answer. */
async function halfDead(hale: Hale, silent: SilentServer): Promise<CommandRun> {
  await hale.services({ web: { command: "sh", args: ["-c", "echo on; sleep 60"] }, old: SLEEPER });
  await hale.ok("up");
  await hale.ok("stop", "old");
  await hale.killSupervisor();
  const release = {
    endpoint: silent.url,
    url: "${release.endpoint}/${version}/${asset}",
    checksums: "SHA256SUMS",
    asset: "tool",
  };
  await hale.services({
    web: { command: "sh", args: ["-c", "echo on; sleep 60"] },
    tool: { version: "1.0", release },
    probed: {
      version: "1.0",
      release,
      endpoint: silent.url,
      health: { http: silent.url, identify: { name: "tool" } },
    },
  });
  const program = fromFileUrl(new URL("bad_supervisor.ts", import.meta.url));
  const config = fromFileUrl(new URL("../../deno.json", import.meta.url));
  const options = ["run", "-qA", "--config", config, program, hale.home, "half-dead"];
  const run = hale.startProgram(Deno.execPath(), ...options);
  await run.said("stdout", (text) => text.includes("ready"));
  return run;
}

Deno.test("the commands that wait are listed completely", () => {
  assertEquals(Object.keys(WAITS).sort(), COMMANDS.map(({ name }) => name).sort());
});

haleTest("the first SIGTERM ends every command while it waits", async (hale) => {
  using silent = new SilentServer();
  const bad = await halfDead(hale, silent);
  const place = { env: { HALE_RELEASES_ENDPOINT: silent.url, HALE_REPOSITORY: "a/b" } };
  // Beside each other: these do not wait.
  const still = Object.values(WAITS).flat().filter((wait) => wait.for === "nothing");
  await Promise.all(still.map(({ args }) => hale.runAt(place, ...args)));
  for (const wait of Object.values(WAITS).flat()) {
    if (wait.for === "nothing") continue;
    const { length } = bad.stdout;
    const { connected } = silent;
    const run = hale.start(wait.args, place);
    if (wait.for === "supervisor") {
      await bad.said("stdout", (text) => / \/v1\/(?!proof)/.test(text.slice(length)));
    } else if (wait.for === "server") await until(() => silent.connected > connected);
    else await run.said("stdout", (text) => text !== "");
    run.signal("SIGTERM");
    // A command that does not end is killed, which fails the test.
    assertEquals([wait.args, (await run.result).code], [wait.args, 130]);
  }
  await Deno.remove(join(hale.folder, "other.toml"));
  bad.kill();
  await bad.result;
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  haleTest(`the first ${signal} ends hale supervise`, async (hale) => {
    const run = hale.start(["supervise", "--idle-timeout", "1h"]);
    await until(async () => await hale.supervisor() !== null);
    run.signal(signal);
    assertEquals((await run.result).code, signal === "SIGTERM" ? 0 : 130);
  });
}
