import { assertEquals } from "@std/assert";
import { renderFailure } from "../../../src/cli/render/failure.ts";
import { HaleError } from "../../../src/errors.ts";

Deno.test("renderFailure() adds the last lines of standard error and commands that show more", () => {
  const error = new HaleError("service_exited", "web exited with code 3.", {
    fields: { service: "web", stderr: ["first", "last"] },
  });
  assertEquals(
    renderFailure(error),
    "web exited with code 3.\n" +
      "Last lines of its standard error:\n  first\n  last\n" +
      "See `hale logs web` and `hale history web`.",
  );
});

Deno.test("renderFailure() returns the message when there is nothing to add", () => {
  const error = new HaleError("port_occupied", "Port 1 is taken.", { fields: { service: "web" } });
  assertEquals(renderFailure(error), "Port 1 is taken.");
  const silent = new HaleError("health_check_failed", "web was not healthy.", {
    fields: { service: "web", stderr: [] },
  });
  assertEquals(renderFailure(silent), "web was not healthy.");
});
