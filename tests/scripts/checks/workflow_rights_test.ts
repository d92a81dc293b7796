import { assert, assertEquals } from "@std/assert";

const FOLDER = new URL("../../../.github/workflows/", import.meta.url);
const WORKFLOWS = [...Deno.readDirSync(FOLDER)].map(({ name }) => ({
  name,
  text: Deno.readTextFileSync(new URL(name, FOLDER)),
}));

/** The block of a key at the start of a line, without comments. */
function blockOf(text: string, key: string): string {
  const block = new RegExp(`^${key}:(.*\\n(?:(?: .*|#.*)?\\n)*)`, "m").exec(text)?.[1] ?? "";
  return block.replace(/^ *#.*\n/gm, "").trim();
}

Deno.test("a pull request gets no secret and no right to write in any workflow", () => {
  let reading = 0;
  for (const { name, text } of WORKFLOWS) {
    // It would run with the rights and the secrets of the repository.
    assert(!/pull_request_target|workflow_run/.test(text), name);
    if (!/^ {2}pull_request:/m.test(text)) continue;
    reading++;
    assertEquals(blockOf(text, "permissions"), "contents: read", name);
    assert(!/^ {4}permissions:/m.test(text), `${name}: a job has permissions of its own`);
    assert(!/\bsecrets[.:[]/.test(text), `${name}: it uses a secret`);
  }
  assertEquals(reading, 1);
});

Deno.test("every checkout leaves no token behind for what runs after it", () => {
  for (const { name, text } of WORKFLOWS) {
    const checkouts = text.split("uses: actions/checkout@").slice(1);
    for (const after of checkouts) {
      const step = after.split(/^ +- /m, 1)[0]!;
      assert(/^ +persist-credentials: false$/m.test(step), `${name}: ${step}`);
    }
  }
});

Deno.test("every workflow pins every action to a commit", () => {
  for (const { name, text } of WORKFLOWS) {
    const used = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action!);
    const loose = used.filter((action) => !/^\.\/|@[0-9a-f]{40}$/.test(action));
    assertEquals([name, loose], [name, []]);
  }
});

Deno.test("no workflow puts an expression that others write into a script", () => {
  // A branch, a title or a label may be a command.
  const untrusted = /\$\{\{[^}]*github\.(?:head_ref|event\.|ref_name)[^}]*\}\}/;
  assertEquals(WORKFLOWS.filter(({ text }) => untrusted.test(text)).map(({ name }) => name), []);
});
