import { assertEquals } from "@std/assert";
import { downloadFailed } from "../../../src/resolve/download/download_failed.ts";

Deno.test("downloadFailed() states what failed, why and what to do, with fields", () => {
  const error = downloadFailed("https://a:b@c.example/x", "the server answered 404", {
    status: 404,
    transient: false,
    advice: "Check `version`.",
  });
  assertEquals(
    error.message,
    "Could not download https://c.example/x: the server answered 404. Check `version`.",
  );
  assertEquals(error.fields, {
    url: "https://c.example/x",
    reason: "the server answered 404",
    status: 404,
    transient: false,
  });
});
