import { assertEquals } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { EVENT_TYPES } from "../../src/model/event_filter.ts";
import { type Hale, haleTest } from "../e2e/hale.ts";
import { haleCommand } from "../e2e/hale_command.ts";
import { script, SLEEPER } from "../e2e/services.ts";
import { missingPrograms } from "../fixtures/program.ts";
import { until } from "../fixtures/until.ts";
import { documentedFields, FieldCheck } from "./documented_fields.ts";
import { blocksOf } from "./documents.ts";

const PATH = fromFileUrl(new URL("../../src/cli/manual/json.md", import.meta.url));
const MANUAL = await Deno.readTextFile(PATH);
const FIELDS = documentedFields(MANUAL);
const SERVICES = fieldsOf("Services: status, up, start, restart");
const TRANSCRIPT_TYPES = ["requested", "launched", "healthy", "adopted", "exited", "failed"];

/** No test can make a process that survives SIGKILL. */
const NEVER_SEEN = ["status", "up", "stop"].flatMap((output) =>
  ["pid", "command", "why"].map((field) => `${output}: survivors[].${field}`)
);

function fieldsOf(heading: string) {
  const fields = FIELDS.get(heading);
  if (fields === undefined) throw new Error(`json.md has no heading "${heading}"`);
  return fields;
}

/** The fields of a type, which may share its heading with another one. */
function fieldsOfType(type: string) {
  return fieldsOf([...FIELDS.keys()].find((heading) => heading.split(", ").includes(type)) ?? type);
}

/** The lines of JSON of an output. */
function linesOf(stdout: string): Record<string, unknown>[] {
  return stdout.trimEnd().split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
}

haleTest("json.md documents every field of every output, with its type", async (hale) => {
  const check = new FieldCheck();
  const seenTypes = { events: new Set<string>(), history: new Set<string>() };
  await hale.write("ok", "");
  const app = {
    web: { ...SLEEPER, health: { exec: ["test", "-f", "ok"], interval: "50ms" } },
    crash: {
      ...script("echo no >&2; exit 3"),
      restart: { max: 1, delay: "10ms" },
      // Longer than any shell takes to start: it never is ready.
      ready_after: "30s",
    },
    // Its shell is replaced, so that no process of the group ends at the signal.
    stubborn: { ...script("trap '' TERM; echo up; exec sleep 60"), stop: { timeout: "50ms" } },
  };
  await hale.services(app);

  check.compare("status", await hale.json("status"), SERVICES);
  check.compare("up", await hale.json("up", "web", "stubborn"), SERVICES);
  check.compare("error", await hale.json("up"), fieldsOf("Errors"));
  check.compare("status", await hale.json("status"), SERVICES);
  await Deno.remove(join(hale.folder, "ok"));
  await hale.statusOnce("web", ({ health }) => health === "unhealthy");
  await adoptBySuccessor(hale);
  const stopped = fieldsOf("Stops: stop, down");
  check.compare("stop", await hale.json("stop", "stubborn", "web"), [...SERVICES, ...stopped]);

  await hale.ok("start", "job", "--", "sleep", "60");
  await hale.ok("stop", "job");
  check.compare("rm", await hale.json("rm", "job"), fieldsOf("Removed services: rm"));

  const withoutFile = { cwd: hale.home };
  for (
    const { stdout } of [
      await hale.ok("events", "--json", "--cursor"),
      await hale.runAt(withoutFile, "events", "--json", "--cursor"),
    ]
  ) {
    const lines = linesOf(stdout);
    check.compare("events --cursor", lines.pop(), fieldsOf("The next cursor"));
    for (const event of lines) {
      const type = String(event.type);
      seenTypes.events.add(type);
      const fields = [...fieldsOf("Events: events"), ...fieldsOfType(type)];
      check.compare(`events ${type}`, event, fields);
    }
  }
  assertEquals([...seenTypes.events].sort(), [...EVENT_TYPES].sort());

  const history = fieldsOf("Launches and exits: history");
  for (const service of ["web", "crash"]) {
    const page = await hale.json("history", service);
    check.compare("history", { ...page, items: page.items.map(headOf) }, history);
    for (const { id: _, at: __, type, ...item } of page.items) {
      seenTypes.history.add(type);
      check.compare(`history ${type}`, item, fieldsOfType(type));
    }
  }
  assertEquals([...seenTypes.history].sort(), [...TRANSCRIPT_TYPES].sort());

  check.compare("audit", await hale.json("audit"), fieldsOf("Who did what: audit"));
  check.compare("audit --verify", await hale.json("audit", "--verify"), fieldsOf("audit --verify"));
  check.compare("doctor", await hale.json("doctor"), fieldsOf("This machine: doctor"));

  assertEquals([...check.differences], []);
  assertEquals(check.unseen.filter((field) => !isSeenElsewhere(field, check)), NEVER_SEEN);
});

/** The same fields are documented once for `status` and `up`; one of the outputs must have them. */
function isSeenElsewhere(field: string, { unseen }: FieldCheck): boolean {
  const [name, path] = field.split(": ") as [string, string];
  const same = ["status", "up", "stop"];
  return same.includes(name) &&
    same.some((other) => !unseen.includes(`${other}: ${path}`)) &&
    SERVICES.some((known) => known.path === path);
}

function headOf({ id, at, type }: Record<string, unknown>) {
  return { id, at, type };
}

/** Ends the supervisor in an orderly way; the next one adopts what runs. */
async function adoptBySuccessor(hale: Hale): Promise<void> {
  const { pid } = (await hale.supervisor())!;
  Deno.kill(pid, "SIGTERM");
  await until(async () => !await hale.isRunning(pid), 60_000);
  await hale.statusOnce("web", ({ supervised }) => supervised);
}

Deno.test("FieldCheck finds fields that are missing, of another type or not documented", () => {
  const fields = documentedFields(
    "## A\n\n| field | type | meaning |\n| --- | --- | --- |\n| `a` | text | x |\n" +
      "| `b[].c` | number or null | y |\n| `d` | time | absent if not known |\n\nText.\n",
  ).get("A")!;
  const check = new FieldCheck();
  check.compare("good", { a: "x", b: [{ c: 1 }, { c: null }] }, fields);
  assertEquals([...check.differences], []);
  assertEquals(check.unseen, ["good: d"]);
  check.compare("bad", { b: [{ c: "1", e: 2 }, {}], d: "today" }, fields);
  assertEquals([...check.differences].sort(), [
    "bad: a is absent",
    'bad: b[].c is "1", not number or null',
    "bad: b[].c is absent",
    "bad: b[].e is not documented",
    'bad: d is "today", not time',
  ]);
});

haleTest("json.md shows a loop that reads every event once", async (hale) => {
  if (missingPrograms(["jq"]).length > 0) return;
  const loop = blocksOf(MANUAL).find(({ text }) => text.includes("while"))!.text;
  await hale.config('name = "my-app"\n[services.web]\ncommand = "sleep"\nargs = ["60"]\n');
  const { program, args } = haleCommand([]);
  const command = [program, ...args].map((word) => `'${word}'`).join(" ");
  await Deno.mkdir(join(hale.folder, "bin"));
  await hale.write("bin/hale", `#!/bin/sh\nexec ${command} "$@"\n`, { mode: 0o755 });
  const read = async () => {
    const text = loop.replace("--json", "--limit 2 --json");
    const { code, stdout, stderr } = await new Deno.Command("sh", {
      args: ["-c", text],
      cwd: hale.folder,
      env: { ...hale.env, PATH: `${hale.folder}/bin:${Deno.env.get("PATH")}` },
      clearEnv: true,
    }).output();
    const decoder = new TextDecoder();
    assertEquals([code, decoder.decode(stderr)], [0, ""]);
    const lines = decoder.decode(stdout).split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line)).map(([, service, to]) => `${service} ${to}`);
  };
  assertEquals(await read(), []);
  await hale.ok("up");
  assertEquals(await read(), ["web starting", "web running"]);
  assertEquals(await read(), []);
  await hale.ok("down");
  assertEquals(await read(), ["web stopping", "web stopped"]);
});
