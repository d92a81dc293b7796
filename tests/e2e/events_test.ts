import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { haleTest } from "./hale.ts";
import { script, SLEEPER } from "./services.ts";

haleTest("hale events tells every change of state in its order", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  await hale.ok("down");
  const events = await hale.events();
  assertEquals(events.map(({ id }) => id), events.map((_, index) => index + 1));
  assertEquals(
    events.filter((event) => event.type === "state_changed").map(({ from, to }) => [from, to]),
    [
      ["stopped", "starting"],
      ["starting", "running"],
      ["running", "stopping"],
      ["stopping", "stopped"],
    ],
  );
  const { stdout } = await hale.ok("events", "--limit", "1");
  assertMatch(stdout, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} {2}web \| stopped {2}SIGTERM\n$/);
});

haleTest("hale events --after goes on behind a cursor without gap or repeat", async (hale) => {
  await hale.services({ web: SLEEPER });
  await hale.ok("up");
  const first = await hale.events();
  const cursor = first.at(-1)!.cursor;
  assertEquals(await hale.events(cursor), []);
  await hale.ok("down");
  const second = await hale.events(cursor);
  assertEquals([...first, ...second], await hale.events());
  assertEquals(second[0]!.id, first.at(-1)!.id + 1);

  const page = await hale.ok("events", "--after", first[0]!.cursor, "--limit", "2", "--json");
  assertEquals(page.stdout.trim().split("\n").map((line) => JSON.parse(line).id), [2, 3]);
  const next = /There is more: hale events --after (\S+)\n/.exec(page.stderr)![1]!;
  assertEquals((await hale.events(next))[0]!.id, 4);
});

haleTest("hale events --follow streams each change, over the end of a supervisor", async (hale) => {
  await hale.services({ web: SLEEPER });
  const follow = hale.start(["events", "--follow", "--json"]);
  await hale.ok("up");
  await follow.said("stdout", (text) => text.includes('"to":"running"'));
  await hale.killSupervisor();
  await hale.ok("down");
  await follow.said("stdout", (text) => text.includes('"to":"stopped"'));
  follow.signal("SIGINT");
  const { code, stdout } = await follow.result;
  assertEquals(code, 130);
  const seen = stdout.trim().split("\n").map((line) => JSON.parse(line));
  assertEquals(seen, (await hale.events()).slice(0, seen.length));
});

haleTest("hale events refuses a cursor that is none, or another's", async (hale) => {
  await hale.services({ web: SLEEPER });
  for (const [cursor, code] of [["yesterday", "usage"], ["other:3", "wrong_runtime_cursor"]]) {
    const { error } = await hale.json("events", "--after", cursor!);
    assertEquals(error.code, code);
    assertStringIncludes(error.message, "none to begin with the first event");
  }
});

haleTest("hale history tells the story of a service with its last words", async (hale) => {
  await hale.services({
    web: { ...script("echo bad day >&2; exit 3"), restart: { max: 1, delay: "10ms" } },
  });
  await hale.run("up");
  const { items, total, next_start } = await hale.json("history", "web");
  assertEquals([items.length, next_start], [total, null]);
  const launches = items.filter(({ type }: { type: string }) => type === "launched");
  assertEquals(launches.map(({ automatic }: { automatic: boolean }) => automatic), [false, true]);
  const exits = items.filter(({ type }: { type: string }) => type === "exited");
  for (const { exit, stderr } of exits) {
    assertEquals([exit, stderr], [{ exit_code: 3, signal: null }, ["bad day"]]);
  }
  assertEquals(exits.length, 2);

  const { stdout } = await hale.ok("history", "web");
  assertMatch(stdout, /^\S+ \S+ {2}launched {2}pid \d+ {2}\S*sh -c echo bad day >&2; exit 3 sh\b/m);
  assertMatch(stdout, /^\S+ \S+ {2}ended: exit code 3 after \d+ms\n {4}\| bad day$/m);
  const part = await hale.ok("history", "web", "--start", "0", "--limit", "1");
  assertEquals(part.stdout.split("\n").length, 2);
  assertStringIncludes(part.stderr, "There is more: hale history web --start 1");
  assert(stdout.startsWith(part.stdout));
});
