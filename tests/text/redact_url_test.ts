import { assertEquals } from "@std/assert";
import { redactUrl, shownUrl } from "../../src/text/redact_url.ts";

Deno.test("redactUrl() removes only the user name and the password", () => {
  const cases = [
    ["https://me:secret@get.example.com:8443/a@b?c@d", "https://get.example.com:8443/a@b?c@d"],
    ["https://me@get.example.com", "https://get.example.com"],
    ["https://me:p@ss@get.example.com/", "https://get.example.com/"],
    ["https://me:secret@${env.HOST}/${asset}", "https://${env.HOST}/${asset}"],
    ["https://get.example.com/@scope/tool", "https://get.example.com/@scope/tool"],
    ["file:///srv/a@b", "file:///srv/a@b"],
    ["${release.endpoint}/a@b", "${release.endpoint}/a@b"],
  ] as const;
  for (const [url, plain] of cases) assertEquals(redactUrl(url), plain);
});

Deno.test("shownUrl() removes only the user name, the password and the query", () => {
  const cases = [
    ["https://user:secret@a.example:8443/x/y?X-Amz-Signature=secret", "https://a.example:8443/x/y"],
    ["https://a.example/x?key=a?b#part", "https://a.example/x#part"],
    ["https://a.example/x#part?no-query", "https://a.example/x#part?no-query"],
    ["https://user@a.example", "https://a.example/"],
    ["file:///srv/a%3Fb@c", "file:///srv/a%3Fb@c"],
  ] as const;
  for (const [url, shown] of cases) {
    assertEquals(shownUrl(url), shown);
    assertEquals(shownUrl(new URL(url)), shown);
  }
});
