import { assert, assertEquals } from "@std/assert";
import { haleTest } from "./hale.ts";

haleTest("hale applies the event limits of hale.toml", async (hale) => {
  await hale.config(`
    [store]
    events = { max_size = "8KiB", segment = "1KiB" }
    [services.web]
    command = "sh"
    args = ["-c", "exit 3"]
    restart = { max = 60, delay = "0s" }
  `);
  await hale.run("up", "--timeout", "60s");
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
  "hale events --follow misses no events when it is suspended and the limits are small",
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
      restart = { max = 60, delay = "0s" }
    `);
    await hale.ok("up", "web");
    const follow = hale.start(["events", "--follow", "--json"]);
    await follow.said("stdout", (text) => text.includes('"to":"running"'));
    follow.signal("SIGSTOP");
    await hale.run("up", "flap", "--timeout", "60s");
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
