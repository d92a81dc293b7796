import { assertEquals, assertRejects } from "@std/assert";
import { NotRegularFile, readRegularFile } from "../../src/files/regular_file.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("readRegularFile() reads files, and refuses what may never end", async () => {
  using folder = new TempFolder();
  folder.write("file", "text");
  Deno.symlinkSync("file", folder.join("link"));
  await new Deno.Command("mkfifo", { args: [folder.join("fifo")] }).output();
  for (const name of ["file", "link"]) {
    assertEquals(new TextDecoder().decode(await readRegularFile(folder.join(name))), "text");
  }
  const cases = [
    [folder.join("fifo"), "it is a pipe, which can be read only once; write its content to a file"],
    ["/dev/zero", "it is not a regular file"],
    [folder.path, "it is a folder"],
  ] as const;
  for (const [path, message] of cases) {
    const error = await assertRejects(() => readRegularFile(path), NotRegularFile, message);
    assertEquals(error.isFolder, path === folder.path);
  }
  await assertRejects(() => readRegularFile(folder.join("none")), Deno.errors.NotFound);
});
