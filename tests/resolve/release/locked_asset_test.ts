import { assertEquals } from "@std/assert";
import { otherLockedAsset } from "../../../src/resolve/release/locked_asset.ts";

function other(locked: string, asset: string, url: string): string | null {
  return otherLockedAsset({ url: locked }, { asset, url });
}

Deno.test("otherLockedAsset() returns the locked name when the asset was changed", () => {
  assertEquals(
    other("https://a.example/1/tool-gnu", "tool-musl", "https://a.example/1/tool-musl"),
    "tool-gnu",
  );
  // A name that contains the other one is another name.
  assertEquals(other("https://a.example/tool-gnu", "tool", "https://a.example/tool"), "tool-gnu");
  assertEquals(other("https://a.example/a%20b", "a c", "https://a.example/a%20c"), "a b");
});

Deno.test("otherLockedAsset() returns null when only the place differs, or no name is known", () => {
  const same = [
    ["https://a.example/1/tool", "tool", "file:///srv/mirror/tool"],
    ["https://a.example/1/a%20b", "a b", "https://b.example/a%20b"],
    ["https://a.example/tool/download", "tool", "https://b.example/files/tool"],
    ["https://a.example/1/tool", "bin/tool", "https://a.example/1/bin/tool"],
    // No name in the URL: it is in the query, or nowhere.
    ["https://a.example/download", "tool", "https://a.example/download?file=tool"],
    ["https://a.example/1.0", "tool", "https://a.example/1.0"],
  ] as const;
  for (const [locked, asset, url] of same) assertEquals(other(locked, asset, url), null, locked);
});
