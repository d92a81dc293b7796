import { assertEquals } from "@std/assert";
import { LaunchTurns } from "../../src/supervise/launch_turns.ts";

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("LaunchTurns.take() acts at once when it is the first in its turn", async () => {
  const turns = new LaunchTurns();
  const done: string[] = [];
  turns.take(() => done.push("a"));
  assertEquals(done, ["a"]);
  await nextTurn();
  turns.take(() => done.push("b"));
  assertEquals(done, ["a", "b"]);
  await nextTurn();
});

Deno.test("LaunchTurns.take() gives each of many a turn, in their order, and lets others in", async () => {
  const turns = new LaunchTurns();
  const done: string[] = [];
  for (const name of ["a", "b", "c"]) turns.take(() => done.push(name));
  // What asks while it has its turn waits for another one.
  turns.take(() => turns.take(() => done.push("e")));
  assertEquals(done, ["a"]);
  await nextTurn();
  done.push("other");
  while (!done.includes("e")) await nextTurn();
  assertEquals(done, ["a", "b", "other", "c", "e"]);
  await nextTurn();
});
