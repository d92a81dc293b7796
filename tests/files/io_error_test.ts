import { assertEquals } from "@std/assert";
import { HaleError } from "../../src/errors.ts";
import { passingFault, storeIo } from "../../src/files/io_error.ts";
import { unixTest } from "../fixtures/unix_test.ts";

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
