import { assertEquals } from "@std/assert";
import { redactUrl } from "../../src/text/redact_url.ts";

Deno.test("redactUrl() takes away the name and the password, and nothing else", () => {
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
