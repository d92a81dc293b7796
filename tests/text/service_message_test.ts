import { assertEquals } from "@std/assert";
import { withName, withoutName } from "../../src/text/service_message.ts";

Deno.test("withName() keeps a message that contains the name as a word", () => {
  for (
    const message of [
      "web exited with code 3.",
      "hale gave up on web after 2 restarts.",
      "Another program answered the health check of web: no answer.",
      "Port 80, which web needs, is used. Stop it with `hale stop web`.",
      'Cannot find the command "x" of web: no program of that name.',
    ]
  ) assertEquals(withName("web", message), message);
});

Deno.test("withName() adds the name when the message only contains it in another word", () => {
  for (
    const message of [
      "Could not start /srv/web/x: no such folder.",
      "web-api is not running.",
      "Cannot read web.toml.",
      "The program is gone.",
    ]
  ) assertEquals(withName("web", message), `web: ${message}`);
  assertEquals(withName("a.b", "axb exited."), "a.b: axb exited.");
});

Deno.test("withoutName() removes the name only from the beginning", () => {
  assertEquals(withoutName("web", "web exited with code 3."), "exited with code 3.");
  assertEquals(withoutName("web", "web-api exited."), "web-api exited.");
  assertEquals(withoutName("web", "hale gave up on web."), "hale gave up on web.");
});
