import { assertEquals, assertThrows } from "@std/assert";
import { ifThere } from "../../src/files/if_there.ts";
import { isThere } from "../../src/files/is_there.ts";
import { entriesOf, foldersIn, listFolder } from "../../src/files/list_folder.ts";
import { removeIfThere, tryRemove } from "../../src/files/remove_if_there.ts";
import { HaleError } from "../../src/errors.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";

Deno.test("ifThere() returns null when the path does not exist, and throws all other errors", () => {
  using folder = new TempFolder();
  const path = folder.write("file", "text");
  assertEquals(ifThere(() => Deno.readTextFileSync(path)), "text");
  assertEquals(ifThere(() => Deno.readTextFileSync(folder.join("none"))), null);
  assertThrows(() => ifThere(() => Deno.readDirSync(path).next()), Deno.errors.NotADirectory);
});

Deno.test("isThere() returns true for a dangling symbolic link", () => {
  using folder = new TempFolder();
  Deno.symlinkSync(folder.join("nowhere"), folder.join("link"));
  assertEquals(isThere(folder.join("link")), true);
  assertEquals(isThere(folder.join("nowhere")), false);
});

Deno.test("removeIfThere() removes a file, and throws for a folder that is not empty", () => {
  using folder = new TempFolder();
  folder.write("file", "");
  removeIfThere(folder.join("file"));
  removeIfThere(folder.join("file"));
  Deno.mkdirSync(folder.join("full/of"), { recursive: true });
  assertThrows(() => removeIfThere(folder.join("full")));
  assertEquals(entriesOf(folder.path).map(({ name }) => name), ["full"]);
});

Deno.test("tryRemove() removes a file or folder and ignores errors", () => {
  using folder = new TempFolder();
  Deno.mkdirSync(folder.join("full/of"), { recursive: true });
  const file = folder.write("file", "");
  tryRemove(folder.join("full"));
  tryRemove(folder.join(file, "below a file"));
  assertEquals(entriesOf(folder.path).map(({ name }) => name), ["file"]);
});

Deno.test("foldersIn() lists folders sorted, without files and hidden folders", () => {
  using folder = new TempFolder();
  for (const name of ["b", "a", ".hidden"]) Deno.mkdirSync(folder.join(name));
  const file = folder.write("file", "");
  assertEquals(foldersIn(folder.path, "list"), ["a", "b"]);
  assertEquals(listFolder(folder.path).map(({ name }) => name), [".hidden", "a", "b", "file"]);
  assertEquals(foldersIn(folder.join("none"), "list"), []);
  const error = assertThrows(() => foldersIn(file, "list"), HaleError);
  assertEquals(error.code, "store_io");
});
