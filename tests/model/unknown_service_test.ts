import { assertEquals } from "@std/assert";
import { unknownService } from "../../src/model/unknown_service.ts";

Deno.test("unknownService() lists the services that exist", () => {
  assertEquals(
    unknownService("wbe", "/p/hale.toml", ["web", "db"]).message,
    'There is no service "wbe" in /p/hale.toml. It has: web, db.',
  );
  assertEquals(
    unknownService("web", "/p/hale.toml", []).message,
    'There is no service "web" in /p/hale.toml. It has no services.',
  );
});
