import { assert, assertEquals, assertMatch } from "@std/assert";
import { dirname, join, normalize } from "@std/path";
import { parseCommandLine } from "../../src/cli/args/parse.ts";
import { COMMANDS } from "../../src/cli/registry.ts";
import { HealthTable, ServiceTable } from "../../src/config/schema/schema.ts";
import { parseToml } from "../../src/config/toml/toml.ts";
import { parseTomlWithLines } from "../../src/config/toml/toml_lines.ts";
import { EXIT_STATUS, HaleError } from "../../src/errors.ts";
import { parsePolicy } from "../../src/policy/parse_policy.ts";
import { parseLockfile } from "../../src/resolve/release/lockfile.ts";
import { loadText } from "../config/load_text.ts";
import { type Block, blocksOf, commandLinesOf, readDocuments, ROOT } from "./documents.ts";

const documents = await readDocuments();

for (const { path, blocks } of documents) {
  for (const block of blocks.filter(({ info }) => info.split(" ")[0] === "toml")) {
    Deno.test(`${path}:${block.line} is TOML that hale accepts`, () => checkToml(block));
  }
  for (const block of blocks.filter(({ info }) => info === "json")) {
    Deno.test(`${path}:${block.line} is JSON`, () => void JSON.parse(block.text));
  }
}

for (const document of documents) {
  Deno.test(`${document.path} shows command lines that hale understands`, async () => {
    for (const line of commandLinesOf(document)) {
      const { request } = await parseCommandLine(words(line), COMMANDS);
      assert(!(request instanceof HaleError), `hale ${line}: ${(request as HaleError).message}`);
    }
  });

  Deno.test(`${document.path} links to files and headings that exist`, async () => {
    const text = document.text.replace(/^```.*?^```$/gms, "");
    for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^https?:/.test(target!)) continue;
      const [file, heading] = target!.split("#") as [string, string?];
      const path = file === "" ? document.path : normalize(join(dirname(document.path), file));
      const found = await Deno.readTextFile(join(ROOT, path)).catch(() => null);
      assert(found !== null, `${target} does not exist`);
      if (heading !== undefined) assert(anchorsOf(found).includes(heading), `no heading ${target}`);
    }
  });
}

Deno.test("config.md has every key of a service", () => {
  const { text } = documents.find(({ path }) => path.endsWith("manual/config.md"))!;
  const spans = [...text.matchAll(/`([^`\n]*)`/g)].map(([, span]) => span!).join(" ");
  for (const [name, entry] of Object.entries(entriesOf(ServiceTable))) {
    assertMatch(spans, new RegExp(`\\b${name}\\b`), name);
    if (!["health", "restart", "stop", "limits", "logs"].includes(name)) continue;
    const keys = Object.keys(entriesOf(name === "health" ? HealthTable : entry));
    assert(keys.length > 1, name);
    for (const key of keys) assertMatch(spans, new RegExp(`\\b${key}\\b`), `${name}.${key}`);
  }
});

Deno.test("troubleshooting.md has every error code", () => {
  const { text } = documents.find(({ path }) => path.endsWith("manual/troubleshooting.md"))!;
  assertEquals(Object.keys(EXIT_STATUS).filter((code) => !text.includes(`\`${code}\``)), []);
});

Deno.test("every topic of the manual has a title, a summary and fits the screen", () => {
  for (const { path, text } of documents.filter(({ path }) => path.includes("/manual/"))) {
    assertMatch(text, /^# \S.*\n\n\S.*\.\n/, `${path} begins with a title and one sentence`);
    for (const [at, line] of text.split("\n").entries()) {
      assert(line.length <= 100 || line.startsWith("|"), `${path}:${at + 1} is too long`);
    }
  }
});

Deno.test("commandLinesOf() finds command lines in shell blocks only", () => {
  const text = "```sh\nhale up   # all\nls\nhale logs -f | head\n```\n" +
    "```console\n$ hale\nhale is no command here\n```\n```text\nhale no\n```\n";
  assertEquals(commandLinesOf({ blocks: blocksOf(text) }), ["up", "logs -f", ""]);
});

async function checkToml({ info, text }: Block): Promise<void> {
  const kind = info.split(" ").slice(1).join(" ");
  if (kind === "policy") {
    const { problems } = parsePolicy(text, { path: "policy.toml", parseToml: parseTomlWithLines });
    assertEquals(problems, []);
  } else if (kind === "hale.lock") parseLockfile(text, "hale.lock");
  else if (kind === "other") parseToml(text);
  else {await loadText(
      kind === "fragment"
        ? `[services.web]\ncommand = "node"\nargs = ["server.js"]\n${text}`
        : text,
    );}
}

/** The words of a command line, as a shell would split simple ones. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((match) =>
    match[1] ?? match[2] ?? match[3]!
  );
}

/** The anchors that GitHub makes of headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/ /g, "-")
  );
}

/** A schema, as far as it matters here. */
interface Schema {
  readonly type: string;
  readonly entries?: Readonly<Record<string, Schema>>;
  readonly wrapped?: Schema;
  readonly pipe?: readonly Schema[];
  /** Of a schema that depends on the value. */
  readonly getter?: (value: unknown) => Schema;
}

/** The keys of a table, whatever is wrapped around it. */
function entriesOf(schema: Schema): Readonly<Record<string, Schema>> {
  if (schema.entries !== undefined) return schema.entries;
  const inner = schema.wrapped ?? schema.getter?.({}) ?? schema.pipe?.at(-1);
  return inner === undefined ? {} : entriesOf(inner);
}
