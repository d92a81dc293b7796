import { assertEquals } from "@std/assert";
import { serveRelease } from "../../../scripts/setup/serve_release.ts";
import { VERSION } from "../../../src/version.ts";
import { TempFolder } from "../../fixtures/temp_folder.ts";

Deno.test("serveRelease() serves the files of this version, and no others", async () => {
  using dist = new TempFolder();
  dist.write("hale-linux-amd64", "an executable");
  dist.write("SHA256SUMS", "a list");
  const get = async (path: string) => {
    const response = await serveRelease(`http://127.0.0.1:1${path}`, dist.path);
    return [response.status, await response.text()];
  };
  const folder = `/hale/hale/releases/download/v${VERSION}`;
  assertEquals(await get(`${folder}/hale-linux-amd64`), [200, "an executable"]);
  assertEquals(await get(`${folder}/SHA256SUMS`), [200, "a list"]);
  for (
    const path of [`${folder}/none`, `${folder}/`, `${folder}/%2e%2e%2fx`, "/hale-linux-amd64"]
  ) {
    assertEquals((await get(path))[0], 404, path);
  }
});
