import { assertEquals, assertStringIncludes } from "@std/assert";
import { FOREVER_MS } from "../../src/model/service_spec.ts";
import { loadError, loadService } from "./load_text.ts";

async function restartOf(value: string) {
  return (await loadService(`[services.a]\ncommand = "x"\nrestart = ${value}\n`)).restart;
}

async function problemOf(value: string) {
  const { problems } = await loadError(`[services.a]\ncommand = "x"\nrestart = ${value}\n`);
  assertEquals(problems.length, 1);
  return problems[0]!;
}

Deno.test("loadConfig() reads a word as the restart policy, with the defaults of the table", async () => {
  for (const policy of ["always", "on-failure", "never"]) {
    const restart = await restartOf(`"${policy}"`);
    assertEquals(restart, await restartOf(`{ policy = "${policy}" }`));
    assertEquals(restart.policy, policy);
    assertEquals({ max: restart.max, success: restart.success }, { max: 10, success: [0] });
  }
});

Deno.test("loadConfig() refuses a word that is no restart policy", async () => {
  const { key, message } = await problemOf('"allways"');
  assertEquals([key, message], [
    "services.a.restart",
    'expected "always", "on-failure" or "never"; did you mean "always"?',
  ]);
});

Deno.test("loadConfig() names both forms of restart when it is something else", async () => {
  const { message } = await problemOf("5");
  assertStringIncludes(message, '"never"');
  assertStringIncludes(message, 'restart = { policy = "always" }');
});

Deno.test("loadConfig() reads a window without an end", async () => {
  assertEquals((await restartOf('{ window = "forever" }')).window_ms, FOREVER_MS);
  assertEquals((await restartOf('{ window = "596h" }')).window_ms, 596 * 3_600_000);
});

Deno.test("loadConfig() names the longest window and forever when a window is too long", async () => {
  const { key, message } = await problemOf('{ window = "87600h" }');
  assertEquals(key, "services.a.restart.window");
  assertStringIncludes(message, 'too long: expected at most "596h"');
  assertStringIncludes(message, '"forever"');
  assertStringIncludes((await problemOf('{ window = "for ever" }')).message, '"forever"');
  // No other duration may be without an end.
  for (const key of ["delay", "max_delay", "reset_after", "pause"]) {
    const { message } = await problemOf(`{ ${key} = "forever" }`);
    assertStringIncludes(message, "expected a duration");
  }
});

Deno.test("loadConfig() lets the default of one pause follow the other one", async () => {
  const cases = [
    ["{}", 500, 30_000],
    ['{ max_delay = "200ms" }', 200, 200],
    ['{ max_delay = "2s" }', 500, 2_000],
    ['{ delay = "1m" }', 60_000, 60_000],
    ['{ delay = "2s" }', 2_000, 30_000],
    ['{ max_delay = "0s" }', 0, 0],
  ] as const;
  for (const [table, delay, longest] of cases) {
    const { delay_ms, max_delay_ms } = await restartOf(table);
    assertEquals([delay_ms, max_delay_ms], [delay, longest], table);
  }
});

Deno.test("loadConfig() reads the exit codes that are a success", async () => {
  assertEquals((await restartOf('{ policy = "never", success = [0, 3, 143] }')).success, [
    0,
    3,
    143,
  ]);
  const messages = [
    ["[]", "services.a.restart.success", "expected a list that is not empty"],
    ["[256]", "services.a.restart.success[0]", "expected a whole number from 0 to 255"],
    ["[-1]", "services.a.restart.success[0]", "expected a whole number from 0 to 255"],
    [
      '["0"]',
      "services.a.restart.success[0]",
      "expected a whole number from 0 to 255, without quotes",
    ],
  ] as const;
  for (const [value, key, message] of messages) {
    const problem = await problemOf(`{ success = ${value} }`);
    assertEquals([problem.key, problem.message], [key, message]);
  }
});
