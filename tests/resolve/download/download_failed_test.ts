import { assertEquals } from "@std/assert";
import { downloadFailed, shownUrl } from "../../../src/resolve/download/download_failed.ts";

Deno.test("shownUrl() hides passwords and signatures", () => {
  const url = "https://user:secret@a.example:8443/x/y?X-Amz-Signature=secret";
  assertEquals(shownUrl(url), "https://a.example:8443/x/y");
});

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
