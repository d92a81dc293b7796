import { assertRejects } from "@std/assert";
import { openContext } from "../../../src/app/context.ts";
import { readEndpoint } from "../../../src/app/supervisor/read_endpoint.ts";
import { HaleError } from "../../../src/errors.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("readEndpoint() says what to do when no descriptor is left", async () => {
  using folder = new TempFolder();
  const context = openContext({ home: folder.path });
  const read = Deno.readTextFile;
  Deno.readTextFile = () => {
    const error = new Error("Too many open files (os error 24)");
    return Promise.reject(Object.assign(error, { code: "EMFILE" }));
  };
  try {
    await assertRejects(
      () => readEndpoint(context),
      HaleError,
      `Could not read where the supervisor is at ${context.paths.supervisorEndpoint}: Too many open ` +
        "files. This process has too many files open: raise its limit (ulimit -n), then try again.",
    );
  } finally {
    Deno.readTextFile = read;
  }
});
