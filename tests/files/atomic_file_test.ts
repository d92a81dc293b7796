import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { fromFileUrl, join } from "@std/path";
import { writeFileAtomicSync, writeFileDurableSync } from "../../src/files/atomic_file.ts";
import { expectError } from "../store/expect_error.ts";

const ATOMIC_FILE = new URL("../../src/files/atomic_file.ts", import.meta.url).href;

for (const write of [writeFileAtomicSync, writeFileDurableSync]) {
  Deno.test(`${write.name}() replaces a file, accessible only to its owner, and leaves no other file`, async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "new", "x.json");
    write(path, "one\n", "save x");
    write(path, "two\n", "save x");
    assertEquals(await Deno.readTextFile(path), "two\n");
    assertEquals(names(join(folder, "new")), ["x.json"]);
    if (Deno.build.os !== "windows") {
      assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
      assertEquals((await Deno.stat(join(folder, "new"))).mode! & 0o777, 0o700);
    }
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test(`${write.name}() leaves no temporary file when the rename fails`, async () => {
    const folder = await Deno.makeTempDir();
    const path = join(folder, "x.json");
    await Deno.mkdir(join(path, "full"), { recursive: true });
    const error = await expectError(() => write(path, "one\n", "save x"), "store_io");
    assertEquals(error.fields.operation, "save x");
    assertEquals(error.fields.path, path);
    assertStringIncludes(error.message, path);
    assertEquals(names(folder), ["x.json"]);
    await Deno.remove(folder, { recursive: true });
  });

  Deno.test({
    name: `${write.name}() keeps the old file when the disk is full`,
    ignore: Deno.build.os === "windows",
    fn: async () => {
      const folder = await Deno.makeTempDir();
      const path = join(folder, "x.json");
      await Deno.writeTextFile(path, "old\n");
      // The shell limits files to one block, of 512 or 1024 bytes.
      const { stdout } = await new Deno.Command("sh", {
        args: [
          "-c",
          'trap \'\' XFSZ; ulimit -f 1; exec "$0" "$@"',
          Deno.execPath(),
          "eval",
          `
          import { ${write.name} } from ${JSON.stringify(ATOMIC_FILE)};
          const path = ${JSON.stringify(path)};
          try { ${write.name}(path, "y".repeat(9000), "save x"); }
          catch (error) { console.log(error.code); }
        `,
        ],
      }).output();
      assertEquals(new TextDecoder().decode(stdout), "store_io\n");
      assertEquals(await Deno.readTextFile(path), "old\n");
      assertEquals(names(folder), ["x.json"]);
      await Deno.remove(folder, { recursive: true });
    },
  });
}

Deno.test("writeFileAtomicSync() never lets a reader see a partial file", async () => {
  const folder = await Deno.makeTempDir();
  const path = join(folder, "x.json");
  const version = (number: number) => JSON.stringify(Array(number % 500).fill(number));
  writeFileAtomicSync(path, version(0), "save x");
  const reader = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-q",
      "--allow-read",
      fromFileUrl(new URL("./read_forever.ts", import.meta.url)),
      path,
    ],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const output = reader.stdout.getReader();
  await output.read(); // It has started to read.
  for (let number = 1; number <= 3_000; number++) {
    writeFileAtomicSync(path, version(number), "save x");
  }
  await reader.stdin.close();
  let text = "";
  for (let part = await output.read(); !part.done; part = await output.read()) {
    text += new TextDecoder().decode(part.value);
  }
  assertEquals((await reader.status).code, 0);
  const { reads, broken } = JSON.parse(text);
  assertEquals(broken, 0);
  assert(reads > 100, `only ${reads} reads`);
  await Deno.remove(folder, { recursive: true });
});

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
