import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { HaleError } from "../../../src/errors.ts";
import { resolveExecutable } from "../../../src/resolve/search/resolve.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT_PATH,
  CHECKSUMS_PATH,
  publish,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { optionsIn, ORDER, outcomes } from "./resolve_options.ts";

Deno.test("resolveExecutable() lists the steps and the remedies when downloads are disabled", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const engine = testEngine(server.endpoint, { auto_download: false, local_root: folder.path });
  const error = await assertRejects(
    () => resolveExecutable(engine, optionsIn(folder.path)),
    HaleError,
    "Found no executable of test-engine 1.2.3",
  );
  assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
    code: "binary_unavailable",
    exitStatus: 5,
  });
  const says = [
    "Do one of these:",
    "Build test-engine",
    "Set TEST_ENGINE_BINARY_PATH or `binary` to the path of the executable",
    "nothing listens",
    "cache: nothing is cached in",
    "auto_download = true",
  ];
  for (const text of says) assertStringIncludes(error.message, text);
  const withoutVariable = await assertRejects(
    () => resolveExecutable({ ...engine, binary_env: null }, optionsIn(folder.path)),
    HaleError,
    "- Set `binary` to the path of the executable",
  );
  assertEquals(withoutVariable.code, "binary_unavailable");
  assertEquals(outcomes(error.fields.steps).slice(-2), ["cache passed", "download failed"]);
  assertEquals(server.requests(), 0);
});

Deno.test("resolveExecutable() returns the URL when it may not download", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const url = server.endpoint + ARTIFACT_PATH;
  const found = await resolveExecutable(
    testEngine(server.endpoint),
    optionsIn(folder.path, { download: false }),
  );
  assertEquals([found.kind, found.kind === "needed" && found.url], ["needed", url]);
  assertEquals(found.steps.at(-1), { step: "download", outcome: "needed", detail: `from ${url}` });
  assertEquals(server.requests(), 0);
});

Deno.test("resolveExecutable() never takes a damaged executable, even without downloads", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const engine = testEngine(server.endpoint);
  const found = await resolveExecutable(engine, optionsIn(folder.path));
  if (found.kind !== "binary") throw new Error("no binary");
  await Deno.truncate(found.path, 3);
  const error = await assertRejects(
    () => resolveExecutable({ ...engine, auto_download: false }, optionsIn(folder.path)),
    HaleError,
    "its size is 3 bytes",
  );
  assertEquals(error.code, "binary_unavailable");
  const again = await resolveExecutable(engine, optionsIn(folder.path));
  assertEquals(outcomes(again.steps).at(-1), "download taken");
  assertStringIncludes(again.steps.at(-2)!.detail, "is not used: its size is 3 bytes");
});

Deno.test("resolveExecutable() keeps the steps when the download fails", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  const error = await assertRejects(
    () => resolveExecutable(testEngine(server.endpoint), optionsIn(folder.path)),
    HaleError,
    `Tried ${server.endpoint}${CHECKSUMS_PATH} (status 404)`,
  );
  assertEquals({ code: error.code, status: error.fields.status }, {
    code: "download_failed",
    status: 404,
  });
  assertEquals(outcomes(error.fields.steps), [
    ...ORDER.slice(0, -1).map((step) => `${step} passed`),
    "download failed",
  ]);
});
