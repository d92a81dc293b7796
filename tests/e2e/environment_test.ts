import { assertEquals } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script } from "./services.ts";

const PRINT_ENV = 'for name in "$@"; do eval "echo $name=\\$$name"; done; exec sleep 60';

haleTest("a service gets the terminal's environment, then env_file, then env", async (hale) => {
  await hale.write(".env", 'FROM_FILE="a b"\nBOTH=file\nTERMINAL_AND_FILE=file\n');
  await hale.services({
    db: { endpoint: "http://127.0.0.1:18123", health: { tcp: "127.0.0.1:18123" } },
    web: {
      ...script(
        PRINT_ENV,
        "FROM_TERMINAL",
        "FROM_FILE",
        "BOTH",
        "TERMINAL_AND_FILE",
        "PEER",
        "HALE_SERVICE",
      ),
      env: { BOTH: "env", PEER: "${services.db.endpoint}/x", EXPANDED: "${env.FROM_TERMINAL}" },
      env_file: ".env",
    },
  });
  const env = { FROM_TERMINAL: "here", BOTH: "terminal", TERMINAL_AND_FILE: "terminal" };
  assertEquals((await hale.runAt({ env }, "up", "web")).code, 0);
  assertEquals((await hale.ok("logs", "web")).stdout.split("\n"), [
    "FROM_TERMINAL=here",
    "FROM_FILE=a b",
    "BOTH=env",
    "TERMINAL_AND_FILE=file",
    "PEER=http://127.0.0.1:18123/x",
    "HALE_SERVICE=web",
    "",
  ]);
});

haleTest("a service keeps its environment over a restart by itself", async (hale) => {
  await hale.services({ web: script(PRINT_ENV, "FROM_TERMINAL") });
  await hale.runAt({ env: { FROM_TERMINAL: "first" } }, "up");
  const { pid } = await hale.status("web");
  await hale.killSupervisor();
  await hale.ok("up");
  Deno.kill(pid!, "SIGKILL");
  await hale.statusOnce("web", (status) => status.pid !== null && status.pid !== pid);
  const logs = hale.start(["logs", "web", "-f"]);
  assertEquals(
    await logs.said("stdout", (text) => text.split("\n").length === 3),
    "FROM_TERMINAL=first\n".repeat(2),
  );
});

haleTest("inherit_env = false passes on only what every program needs", async (hale) => {
  await hale.services({
    web: { ...script("env; exec sleep 60"), inherit_env: false, env: { OWN: "1" } },
  });
  await hale.runAt({ env: { FROM_TERMINAL: "here" } }, "up");
  const names = (await hale.ok("logs", "web", "-n", "1000")).stdout.trimEnd().split("\n")
    .map((line) => line.split("=")[0]!);
  const needed = [
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "TZ",
    "TMPDIR",
    "OWN",
    "HALE_SERVICE",
    "HALE_LAUNCH",
  ];
  // What the shell itself sets.
  const shell = ["PWD", "OLDPWD", "SHLVL", "_"];
  assertEquals(names.filter((name) => ![...needed, ...shell].includes(name)), []);
  assertEquals(["PATH", "OWN"].filter((name) => !names.includes(name)), []);
});

haleTest("no command shows what the environment of a service holds", async (hale) => {
  const SECRET = "open-sesame-4711";
  await hale.write(".env", `FILE_SECRET=${SECRET}\n`);
  await hale.services({
    web: {
      ...script("exec sleep 60"),
      env: { SECRET, NESTED: "${env.TERMINAL_SECRET}" },
      env_file: ".env",
    },
    bad: { ...script("exit 3"), env: { SECRET }, restart: { policy: "never" } },
  });
  const env = { TERMINAL_SECRET: SECRET };
  const said: string[] = [];
  const run = async (...args: string[]) => {
    const { stdout, stderr } = await hale.runAt({ env }, ...args);
    said.push(stdout, stderr);
  };
  await run("up", "-v");
  await run("restart", "web", "--json");
  for (
    const [command, ...args] of [["status"], ["events"], ["history", "web"], ["history", "bad"], [
      "resolve",
      "web",
    ], ["config", "check"]]
  ) {
    await run(command!, ...args);
    await run(command!, ...args, "--json");
  }
  assertEquals(said.filter((text) => text.includes(SECRET)), []);
  // It is kept for automatic restarts, for the owner alone.
  const holders = hale.filesIn().filter((path) => Deno.readTextFileSync(path).includes(SECRET));
  for (const path of holders) assertEquals(Deno.statSync(path).mode! & 0o077, 0, path);
});
