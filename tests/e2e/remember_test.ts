import { assert, assertEquals, assertFalse, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { haleTest } from "./hale.ts";
import { SLEEPER } from "./services.ts";

haleTest("hale events shows what somebody asks for, by service, type and time", async (hale) => {
  await hale.services({ web: SLEEPER, api: SLEEPER });
  await hale.ok("up");
  const all = await hale.events();
  const ids = async (...flags: string[]) => {
    const { stdout } = await hale.ok("events", "--json", ...flags);
    return stdout.trim().split("\n").filter(Boolean).map((line) => JSON.parse(line).id);
  };
  const wanted = all.filter(({ service, type }) => service === "web" && type === "state_changed");
  assertEquals(
    await ids("--service", "web", "--type", "state_changed"),
    wanted.map(({ id }) => id),
  );
  assertEquals(await ids("--service", "web", "--since", "5m", "--limit", "1"), [wanted.at(-1)!.id]);
  assertEquals(await ids("--since", "0s"), []);
  const after = await ids("--service", "web", "--service", "api", "--after", all[2]!.cursor);
  assertEquals(after, all.slice(3).filter(({ service }) => service !== null).map(({ id }) => id));

  const { error: type } = await hale.json("events", "--type", "state_change");
  assertStringIncludes(type.message, 'Did you mean "state_changed"?');
  const { error: service } = await hale.json("events", "--service", "wbe");
  assertEquals(service.code, "unknown_service");
  const { error: limit } = await hale.json("events", "--limit", "10001");
  assertEquals([limit.code, limit.fields.max], ["limit_too_large", 10_000]);
});

haleTest(
  "hale history --config shows what a launch was made with, and no value of its environment",
  async (hale) => {
    const secret = "hunter2-and-more";
    await hale.services({ web: { ...SLEEPER, env: { TOKEN: secret } } });
    const none = await hale.json("history", "web", "--config");
    assertEquals(none.error.code, "store_missing");
    await hale.ok("up");
    const first = await hale.json("history", "web", "--config");
    assertEquals([first.spec.args, first.spec.env], [["60"], ["TOKEN"]]);
    await hale.services({ web: { ...SLEEPER, args: ["61"], env: { TOKEN: secret } } });
    await hale.ok("up");
    const second = await hale.run("history", "web", "--config");
    assertStringIncludes(second.stdout, '"61"');
    assertStringIncludes(second.stdout, "TOKEN (names alone)");
    assertStringIncludes(second.stderr, first.config_digest.slice(0, 12));
    for (const text of [second.stdout, JSON.stringify(first)]) assertFalse(text.includes(secret));

    const digest = first.config_digest.slice(0, 6);
    assertEquals(await hale.json("history", "web", "--config", digest), first);
    const { stdout } = await hale.ok("history", "web", "-c", "hale.toml");
    assertStringIncludes(stdout, `config ${first.config_digest.slice(0, 12)}`);
    assertEquals((await hale.json("history", "web", digest)).error.code, "usage");
  },
);

haleTest("hale keeps as many events as hale.toml says", async (hale) => {
  await hale.config(`
    [store]
    events = { max_size = "8KiB", segment = "1KiB" }
    [services.web]
    command = "sh"
    args = ["-c", "exit 3"]
    restart = { max = 60, delay = "0s" }
  `);
  await hale.run("up");
  const events = await hale.events();
  assert(events[0]!.id > 100, `events from ${events[0]!.id} on are kept`);
  assertEquals(events.map(({ id }) => id), events.map((_, index) => events[0]!.id + index));
  const files = hale.filesIn("runtimes").filter((path) => /events[^/]*\.jsonl$/.test(path));
  assert(files.length > 2 && files.length < 12, files.join("\n"));
  const ahead = await hale.json("events", "--after", events[0]!.cursor.replace(/\d+$/, "9000"));
  assertEquals(ahead.error.code, "cursor_expired");
  const { error } = await hale.json("events", "--after", events[0]!.cursor.replace(/\d+$/, "1"));
  assertEquals([error.code, error.fields.oldest], [
    "cursor_expired",
    events[0]!.cursor.replace(/\d+$/, String(events[0]!.id)),
  ]);
});

haleTest(
  "hale events --follow misses nothing while it is held up, however little is kept",
  async (hale) => {
    await hale.config(`
      [store]
      events = { max_size = "4KiB", segment = "1KiB" }
      [services.web]
      command = "sleep"
      args = ["60"]
      [services.flap]
      command = "sh"
      args = ["-c", "exit 3"]
      restart = { max = 30, delay = "0s" }
    `);
    await hale.ok("up", "web");
    const follow = hale.start(["events", "--follow", "--json"]);
    await follow.said("stdout", (text) => text.includes('"to":"running"'));
    follow.signal("SIGSTOP");
    await hale.run("up", "flap");
    const { id: last } = (await hale.events()).at(-1)!;
    assert(last > 90, `${last} events`);
    follow.signal("SIGCONT");
    await follow.said("stdout", (text) => text.includes(`{"id":${last},`));
    follow.signal("SIGINT");
    const { stdout } = await follow.result;
    const ids = stdout.trim().split("\n").map((line) => JSON.parse(line).id);
    assertEquals(ids, ids.map((_, index) => index + 1));
    assert(ids.length >= last);
  },
);

haleTest(
  "hale doctor finds what is broken and --repair mends it while services run",
  async (hale) => {
    await hale.services({ web: SLEEPER });
    await hale.ok("up");
    const { pid } = await hale.status("web");
    const well = await hale.json("doctor");
    assertEquals([well.ok, (await hale.run("doctor", "-q")).code], [true, 0]);

    const runtime = join(
      hale.home,
      "runtimes",
      [...Deno.readDirSync(join(hale.home, "runtimes"))][0]!.name,
    );
    const events = join(runtime, "events.jsonl");
    const [first, ...rest] = (await Deno.readTextFile(events)).split("\n");
    await Deno.writeTextFile(events, [first, "garbage", ...rest].join("\n"));
    await Deno.writeTextFile(join(runtime, "services", "web", "service.json"), "{broken");
    const sick = await hale.run("doctor");
    assertEquals(sick.code, 1);
    assertStringIncludes(sick.stdout, "Line 2: it is not JSON.");
    assertStringIncludes(sick.stdout, "`hale doctor --repair` sets it aside");
    assertStringIncludes(sick.stderr, "2 things are wrong.");

    const repaired = await hale.run("doctor", "--repair");
    assertEquals(repaired.code, 0, repaired.stdout);
    assertEquals(await Deno.readTextFile(`${events}.torn`), "garbage\n");
    assertEquals(await hale.launchesOf("web"), [pid]);
    assertEquals((await hale.status("web")).pid, pid);
    assertEquals((await hale.json("doctor")).ok, true);
  },
);

haleTest(
  "hale refuses a home that others can write to, and the name of another hale.toml",
  async (hale) => {
    await hale.config('name = "shared"\n[services.web]\ncommand = "sleep"\nargs = ["60"]\n');
    await hale.ok("up");
    const other = join(hale.folder, "other");
    await Deno.mkdir(other);
    await Deno.copyFile(join(hale.folder, "hale.toml"), join(other, "hale.toml"));
    for (const command of ["up", "down", "status"]) {
      const { code, stderr } = await hale.runAt({ cwd: other }, command);
      assertEquals(code, 2);
      assertStringIncludes(stderr, join(hale.folder, "hale.toml"));
      assertStringIncludes(stderr, join(other, "hale.toml"));
    }
    assertEquals((await hale.launchesOf("web")).length, 1);

    await Deno.chmod(hale.home, 0o770);
    for (const command of ["status", "up", "down", "events"]) {
      const { error } = await hale.json(command);
      assertEquals(error.code, "unsafe_home");
    }
    const { code, stdout } = await hale.run("doctor");
    assertEquals(code, 1);
    assertStringIncludes(stdout, "others can write to it (mode 0770)");
    await Deno.chmod(hale.home, 0o700);
  },
);
