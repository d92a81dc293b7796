import { assertEquals } from "@std/assert";
import { checkTable } from "../../../src/config/schema/check_table.ts";
import { KEYS_OF_OTHER_TOOLS } from "../../../src/config/schema/keys_of_other_tools.ts";
import { Problems } from "../../../src/config/schema/problems.ts";
import { ServiceTable } from "../../../src/config/schema/schema.ts";
import { loadError } from "../load_text.ts";

/** The keys and messages of the problems of one service. */
async function problemsOf(body: string): Promise<[string, string][]> {
  const { problems } = await loadError(`[services.a]\n${body}\n`);
  return problems.map(({ key, message }) => [key.replace(/^services\.a\.?/, ""), message]);
}

Deno.test("loadConfig() suggests hale's key when a service has a key of another tool", async () => {
  assertEquals(await problemsOf('command = "x"\nenvironment = { A = "hunter2" }\nports = ["80"]'), [
    ["environment", "unknown key; did you mean `env`?"],
    ["ports", "unknown key; did you mean `endpoint`?"],
  ]);
  // In other tables the same word is an unknown key like any other.
  assertEquals(await problemsOf('command = "x"\nstop = { port = 1 }'), [
    ["stop.port", "unknown key; expected one of signal, command, timeout"],
  ]);
});

Deno.test("KEYS_OF_OTHER_TOOLS maps unknown keys to keys that exist", () => {
  for (const [other, ours] of KEYS_OF_OTHER_TOOLS) {
    const problems = new Problems("/x/hale.toml");
    const reported: string[] = [];
    problems.add = (path, message) => void reported.push(`${path.join(".")}: ${message}`);
    const check = (key: string) => {
      const [name, inner] = key.split(".");
      // No key has a date as its value, so that a known key is reported with another message.
      const value = new Date(0);
      const table = { [name!]: inner === undefined ? value : { [inner]: value } };
      checkTable(ServiceTable, table, { path: ["services", "a"], problems });
    };
    check(other);
    check(ours);
    assertEquals(reported.map((line) => line.includes("unknown key")), [true, false], other);
  }
});
