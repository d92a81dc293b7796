import { assert, assertEquals } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import {
  newerSchema,
  passingFault,
  shortage,
  storeCorrupt,
  storeIo,
  unreadable,
  wrongRuntime,
} from "../../src/files/io_error.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";

unixTest("storeIo() says what the system refused, and the remedy for it", () => {
  using folder = new TempFolder();
  const file = folder.write("file", "");
  assertEquals(
    storeIo("list the runtimes", file, thrownBy(() => [...Deno.readDirSync(file)])).message,
    `Could not list the runtimes at ${file}: Not a directory. ` +
      "A file is where hale needs a folder: move the file away.",
  );
  assertEquals(
    storeIo("read the log", folder.path, thrownBy(() => Deno.readTextFileSync(folder.path)))
      .message,
    `Could not read the log at ${folder.path}: Is a directory. ` +
      "A folder is where hale needs a file: move the folder away.",
  );
  const missing = folder.join("missing");
  assertEquals(
    storeIo("read the log", missing, thrownBy(() => Deno.readTextFileSync(missing))).message,
    `Could not read the log at ${missing}: No such file or directory. ` +
      "Check the disk and the owner of the home, then try again.",
  );
});

Deno.test("storeIo() has a remedy for each error that a full or foreign disk gives", () => {
  const remedies = {
    ENOSPC: "The disk is full: free some space, then try again.",
    EDQUOT: "Your disk quota is used up: free some space, then try again.",
    EACCES: "Check the owner and the mode of the home, or choose another home with --home DIR.",
    EPERM: "Check the owner and the mode of the home, or choose another home with --home DIR.",
    EROFS: "The disk is mounted read-only: choose another home with --home DIR.",
    EMFILE: "This process has too many files open: raise its limit (ulimit -n), then try again.",
    ENFILE: "Too many files are open on this machine: close programs, then try again.",
    ENOMEM: "This machine has too little memory: close programs, then try again.",
    EAGAIN: "This machine or user has too many processes: end some, then try again.",
    EIO: "The disk reports an error: check it and the system's log, then try again.",
  };
  for (const [code, remedy] of Object.entries(remedies)) {
    const { message } = storeIo("x", "/p", Object.assign(new Error("refused"), { code }));
    assertEquals(message, `Could not x at /p: refused. ${remedy}`);
  }
});

unixTest("unreadable() calls a file in place of a folder damage, and the other way round", () => {
  using folder = new TempFolder();
  const below = `${folder.write("file", "")}/below`;
  const noFolder = unreadable("read it", below, thrownBy(() => Deno.statSync(below)));
  assertEquals([noFolder.code, noFolder.message], [
    "store_corrupt",
    `Could not read it at ${below}: it is a file where a folder should be. hale left it as it is. ` +
    "Restore it from a backup, or run `hale doctor --repair` to quarantine it.",
  ]);
  const noFile = unreadable(
    "read it",
    folder.path,
    thrownBy(() => Deno.readTextFileSync(folder.path)),
  );
  assertEquals([noFile.code, noFile.fields.detail], [
    "store_corrupt",
    "it is a folder where a file should be",
  ]);
});

Deno.test("storeCorrupt(), newerSchema() and wrongRuntime() say that the file was left as it is", () => {
  assertEquals(
    storeCorrupt("read it", "/p", "it is not JSON", { line: 3 }).message,
    "Could not read it at /p, line 3: it is not JSON. hale left it as it is. Restore it from a " +
      "backup, or run `hale doctor --repair` to quarantine it.",
  );
  assertEquals(
    newerSchema("read it", "/p", { found: 9, known: 3 }).message,
    "Could not read it at /p: it has the schema version 9, written by a newer hale; this hale " +
      "reads versions up to 3. hale left it as it is. Use the newer version of hale.",
  );
  assertEquals(
    wrongRuntime("read it", "/p", { expected: "a", actual: "b" }).message,
    'Could not read it at /p: it belongs to runtime "b", not to "a". hale left it as it is. Move ' +
      "the file back to the folder of its runtime.",
  );
});

unixTest("passingFault() finds the code in an error, its causes and its text", () => {
  const full = Object.assign(new Error("no space"), { code: "ENOSPC" });
  const inText = new TypeError("error trying to connect: Too many open files (os error 24)");
  const found = [
    full,
    storeIo("write", "/x", full),
    HaleError.fromJSON(storeIo("write", "/x", full).toJSON()),
    new HaleError("spawn_failed", "no", { cause: inText }),
    new Error("Read-only file system (os error 30)"),
  ].map(passingFault);
  assertEquals(found, ["ENOSPC", "ENOSPC", "ENOSPC", "EMFILE", "EROFS"]);
});

unixTest("passingFault() is null for errors that say something about a file or a service", () => {
  const others = [
    new Deno.errors.NotFound("No such file or directory (os error 2)"),
    Object.assign(new Error("denied"), { code: "EACCES" }),
    new Error("it was not healthy"),
    "EMFILE",
    null,
  ];
  assertEquals(others.map(passingFault), others.map(() => null));
});

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  assert(false, "it did not fail");
}

Deno.test("shortage() says what to do about an error that no code expected", () => {
  const spawn = new Error("Failed to spawn '/usr/bin/cat': Too many open files (os error 24)");
  const error = shortage(spawn);
  assertEquals([error?.code, error?.message], [
    "store_io",
    "Failed to spawn '/usr/bin/cat': Too many open files. " +
    "This process has too many files open: raise its limit (ulimit -n), then try again.",
  ]);
  assertEquals(shortage(new TypeError("x is not a function")), null);
});
