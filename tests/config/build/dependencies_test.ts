import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Dependency } from "../../../src/model/service_spec.ts";
import { loadError, loadService } from "../load_text.ts";

/** A service, a job and a database that is not managed. */
const OTHERS = `
[services.cache]
command = "x"
[services.migrate]
command = "x"
restart = "never"
[services.seed]
command = "x"
restart = { policy = "never" }
[services.db]
health = { tcp = "127.0.0.1:5432" }
`;

/** The dependencies of a service with the given line. */
async function dependenciesOf(line: string): Promise<readonly Dependency[]> {
  const text = `[services.api]\ncommand = "x"\n${line}\n${OTHERS}`;
  return (await loadService(text, { name: "api" })).depends_on;
}

Deno.test("loadConfig() waits for a job to complete, and for others to be healthy", async () => {
  assertEquals(await dependenciesOf(""), []);
  assertEquals(await dependenciesOf('depends_on = "cache"'), [
    { service: "cache", condition: "healthy" },
  ]);
  assertEquals(await dependenciesOf('depends_on = "migrate"'), [
    { service: "migrate", condition: "completed" },
  ]);
  assertEquals(await dependenciesOf('depends_on = ["seed", "db", "cache", "migrate"]'), [
    { service: "seed", condition: "completed" },
    { service: "db", condition: "healthy" },
    { service: "cache", condition: "healthy" },
    { service: "migrate", condition: "completed" },
  ]);
});

Deno.test("loadConfig() reads the condition of each dependency from a table", async () => {
  assertEquals(
    await dependenciesOf('depends_on = { migrate = "started", db = "healthy", cache = "started" }'),
    [
      { service: "migrate", condition: "started" },
      { service: "db", condition: "healthy" },
      { service: "cache", condition: "started" },
    ],
  );
  const table = '[services.api.depends_on]\nseed = "completed"';
  assertEquals(await dependenciesOf(table), [{ service: "seed", condition: "completed" }]);
});

Deno.test("loadConfig() names the forms of depends_on when it is something else", async () => {
  for (const value of ["5", "true", "2020-01-01"]) {
    const { problems } = await loadError(`[services.a]\ncommand = "x"\ndepends_on = ${value}\n`);
    assertEquals(problems.map(({ key, line }) => [key, line]), [["services.a.depends_on", 3]]);
    const { message } = problems[0]!;
    assertStringIncludes(message, "a list");
    assertStringIncludes(message, 'depends_on = { db = "healthy" }');
  }
});

Deno.test("loadConfig() refuses a condition that does not exist", async () => {
  const { lines } = await loadError(`[services.a]
command = "x"
depends_on = { cache = "helthy", db = 5, migrate = "ready" }
${OTHERS}`);
  const expected = 'expected "healthy", "started" or "completed"';
  assertEquals(lines, [
    `line 3: services.a.depends_on.cache = "helthy": ${expected}; did you mean "healthy"?`,
    `line 3: services.a.depends_on.db = 5: ${expected}`,
    `line 3: services.a.depends_on.migrate = "ready": ${expected}`,
  ]);
});

Deno.test("loadConfig() runs a completed job again unless other services depend on it", async () => {
  const text = (line: string, job = "") => `
[services.job]
command = "x"
restart = "never"
${job}
[services.api]
command = "x"
${line}
`;
  const rerunOf = async (line: string, job?: string) =>
    (await loadService(text(line, job), { name: "job" })).rerun;
  assertEquals(await rerunOf(""), "always");
  for (const form of ['"job"', '["job"]', '{ job = "started" }']) {
    assertEquals(await rerunOf(`depends_on = ${form}`), "changed", form);
  }
  assertEquals(await rerunOf('depends_on = "job"', 'rerun = "always"'), "always");
  assertEquals(await rerunOf("", 'rerun = "changed"'), "changed");
});

Deno.test("loadConfig() refuses unknown values of rerun and ready_after", async () => {
  const { lines } = await loadError(`[services.a]
command = "x"
rerun = "sometimes"
ready_after = 1
[services.b]
command = "x"
ready_after = "-1s"
`);
  assertEquals(lines, [
    'line 3: services.a.rerun = "sometimes": expected "always" or "changed"',
    'line 4: services.a.ready_after = 1: the unit is missing: write "1s" or "1ms"',
    'line 7: services.b.ready_after = "-1s": ' +
    'expected a duration: a whole number and a unit (ms, s, m, h) such as "5s"',
  ]);
});

Deno.test("loadConfig() refuses rerun, ready_after and depends_on without a program", async () => {
  for (const line of ['rerun = "always"', 'ready_after = "1s"', 'depends_on = "cache"']) {
    const { problems } = await loadError(
      `[services.a]\nhealth = { tcp = "127.0.0.1:1" }\n${line}\n${OTHERS}`,
    );
    assertEquals(problems.map(({ key }) => key), [`services.a.${line.split(" ")[0]}`]);
    assertStringIncludes(problems[0]!.message, "applies only to services that hale starts");
  }
});
