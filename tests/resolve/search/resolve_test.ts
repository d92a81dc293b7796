import { assertEquals, assertMatch, assertRejects, assertStringIncludes } from "@std/assert";
import { join, relative } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { installRelease } from "../../../src/resolve/install/install.ts";
import type { ResolveStep } from "../../../src/resolve/search/resolution.ts";
import { resolveExecutable } from "../../../src/resolve/search/resolve.ts";
import { ReleasesServer } from "../../fixtures/releases_server.ts";
import {
  ARTIFACT,
  ARTIFACT_PATH,
  LINUX,
  publish,
  temporaryFolder,
  testEngine,
} from "../release_fixture.ts";
import { executable, NOT_LISTENING, optionsIn, ORDER, outcomes } from "./resolve_options.ts";

function takenAt(step: typeof ORDER[number]): string[] {
  const index = ORDER.indexOf(step);
  return [...ORDER.slice(0, index).map((passed) => `${passed} passed`), `${step} taken`];
}

Deno.test("resolveExecutable() takes the first source, and the next one when that is missing", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const root = join(folder.path, "project");
  const explicit = await executable(folder.path, "explicit");
  const named = await executable(folder.path, "named");
  const built = await executable(root, "target", "debug", "test-engine");
  const cacheDir = join(folder.path, "cache");
  let engine = testEngine(server.endpoint, { binary: explicit, local_root: root });
  const cached = await installRelease(engine, { target: LINUX, cacheDir });
  const release = { version: "1.2.3", artifact: cached.artifact };
  let options = optionsIn(folder.path, {
    env: { TEST_ENGINE_BINARY_PATH: named },
  });
  const resolve = async () => {
    const { steps, ...found } = await resolveExecutable(engine, options);
    return { found, steps: outcomes(steps) };
  };

  assertEquals(await resolve(), {
    found: { kind: "binary", path: explicit, source: "explicit", version: null },
    steps: takenAt("explicit"),
  });
  engine = { ...engine, binary: null };
  assertEquals(await resolve(), {
    found: { kind: "binary", path: named, source: "environment", version: null },
    steps: takenAt("environment"),
  });
  const probeRunning = () => Promise.resolve({ kind: "engine", version: "1.2.3" } as const);
  options = { ...options, env: {}, probeRunning };
  assertEquals(await resolve(), {
    found: { kind: "running", version: "1.2.3" },
    steps: takenAt("running"),
  });
  options = { ...options, probeRunning: () => Promise.resolve(NOT_LISTENING) };
  assertEquals(await resolve(), {
    found: { kind: "binary", path: built, source: "local_build", version: null },
    steps: takenAt("local_build"),
  });
  await Deno.remove(built);
  assertEquals(await resolve(), {
    found: { kind: "binary", path: cached.path, source: "cache", ...release },
    steps: takenAt("cache"),
  });
  await Deno.remove(cacheDir, { recursive: true });
  assertEquals(await resolve(), {
    found: { kind: "binary", path: cached.path, source: "download", ...release },
    steps: takenAt("download"),
  });
});

Deno.test("resolveExecutable() takes the running engine when a path is named too", async () => {
  await using folder = await temporaryFolder();
  const path = await executable(folder.path, "named");
  const probeRunning = () => Promise.resolve({ kind: "engine", version: "1.2.3" } as const);
  const cases = [
    { binary: path, env: {}, step: "explicit" },
    { binary: null, env: { TEST_ENGINE_BINARY_PATH: path }, step: "environment" },
  ];
  for (const { binary, env, step } of cases) {
    const options = optionsIn(folder.path, { env, probeRunning });
    const { steps, ...found } = await resolveExecutable(
      testEngine("http://127.0.0.1:1", { binary }),
      options,
    );
    assertEquals(found, { kind: "running", version: "1.2.3" });
    const [named, running] = steps.slice(-2);
    assertEquals([named?.step, named?.outcome], [step, "passed"]);
    assertEquals([running?.step, running?.outcome], ["running", "taken"]);
  }
  // A path that cannot be run is a mistake, whatever runs.
  const missing = testEngine("http://127.0.0.1:1", { binary: join(folder.path, "missing") });
  await assertRejects(
    () => resolveExecutable(missing, optionsIn(folder.path, { probeRunning })),
    HaleError,
    "there is no such file",
  );
});

Deno.test("resolveExecutable() takes an engine that was started during the download", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  let probes = 0;
  const options = optionsIn(folder.path, {
    probeRunning: () =>
      Promise.resolve(++probes === 1 ? NOT_LISTENING : { kind: "engine", version: "1.2.3" }),
  });
  const { steps, ...found } = await resolveExecutable(testEngine(server.endpoint), options);
  assertEquals(found, { kind: "running", version: "1.2.3" });
  assertEquals(outcomes(steps).slice(-2), ["download passed", "running taken"]);
});

Deno.test("resolveExecutable() returns the reason of every step", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const engine = testEngine(server.endpoint, { local_root: folder.path });
  const { steps } = await resolveExecutable(engine, optionsIn(folder.path));
  const details = Object.fromEntries(steps.map(({ step, detail }) => [step, detail]));
  assertEquals(details.explicit, "`binary` is not set");
  assertEquals(details.environment, "TEST_ENGINE_BINARY_PATH is not set");
  assertEquals(details.running, "nothing listens on port 6420");
  assertStringIncludes(details.local_build!, "no target/debug/test-engine or");
  assertStringIncludes(details.cache!, `nothing is cached in ${join(folder.path, "cache")}`);
  assertStringIncludes(details.download!, `from ${server.endpoint}`);
});

Deno.test("resolveExecutable() says what pinned an executable, and that it was installed meanwhile", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  const sha256 = await publish(server);
  server.route(ARTIFACT_PATH, { kind: "dripping", body: ARTIFACT, pauseMs: 5 });
  const engine = testEngine(server.endpoint, { local_root: folder.path });
  const detailOf = async (release: Partial<EngineSpec["release"]> = {}) => {
    const pinned = { ...engine, release: { ...engine.release, ...release } };
    return (await resolveExecutable(pinned, optionsIn(folder.path))).steps.at(-1)!.detail;
  };
  assertEquals((await Promise.all([detailOf(), detailOf()])).toSorted(), [
    `from ${server.endpoint}${ARTIFACT_PATH}`,
    "it was installed in the meantime",
  ]);
  assertMatch(
    await detailOf({ sha256: { "linux-amd64": sha256 } }),
    /\/test-engine, pinned by release\.sha256 in hale\.toml$/,
  );
});

Deno.test("resolveExecutable() fails when another program has the port of a named path", async () => {
  await using folder = await temporaryFolder();
  const binary = await executable(folder.path, "explicit");
  const taken = new HaleError("port_occupied", "another program");
  const options = optionsIn(folder.path, { probeRunning: () => Promise.reject(taken) });
  const engine = testEngine("https://a.example", { binary });
  const error = await assertRejects(() => resolveExecutable(engine, options), HaleError);
  assertEquals(error.code, "port_occupied");
  assertEquals(outcomes(error.fields.steps), ["explicit passed", "running failed"]);
});

Deno.test("resolveExecutable() does not search elsewhere when the configured path cannot be run", async () => {
  await using folder = await temporaryFolder();
  const missing = join(folder.path, "missing");
  const cases = [
    {
      binary: missing,
      value: undefined,
      says: `Cannot run ${missing}, the executable of test-engine that \`binary\` names`,
      tried: ["explicit"],
    },
    { binary: folder.path, value: undefined, says: "it is a folder", tried: ["explicit"] },
    {
      binary: null,
      value: missing,
      says: `Cannot run ${missing}, the executable of test-engine that TEST_ENGINE_BINARY_PATH`,
      tried: ["explicit", "environment"],
    },
  ];
  for (const { binary, value, says, tried } of cases) {
    const env = { TEST_ENGINE_BINARY_PATH: value };
    const error = await assertRejects(
      () =>
        resolveExecutable(
          testEngine("https://a.example", { binary }),
          optionsIn(folder.path, { env }),
        ),
      HaleError,
      says,
    );
    assertEquals({ code: error.code, exitStatus: error.exitStatus }, {
      code: "binary_not_found",
      exitStatus: 5,
    });
    const steps = error.fields.steps as ResolveStep[];
    assertEquals(steps.map(({ step }) => step), tried);
    assertEquals(steps.at(-1)?.outcome, "failed");
  }
});

Deno.test({
  name: "resolveExecutable() throws when the configured path is not executable",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    await using folder = await temporaryFolder();
    const binary = await executable(folder.path, "file");
    await Deno.chmod(binary, 0o644);
    const error = await assertRejects(
      () => resolveExecutable(testEngine("https://a.example", { binary }), optionsIn(folder.path)),
      HaleError,
      "it is not executable",
    );
    assertEquals(error.code, "binary_not_found");
  },
});

Deno.test("resolveExecutable() treats an empty variable like one that is not set", async () => {
  await using server = new ReleasesServer();
  await using folder = await temporaryFolder();
  await publish(server);
  const options = optionsIn(folder.path, { env: { TEST_ENGINE_BINARY_PATH: "" } });
  const { steps } = await resolveExecutable(testEngine(server.endpoint), options);
  assertEquals(steps[1]?.detail, "TEST_ENGINE_BINARY_PATH is empty");
});

Deno.test("resolveExecutable() makes a relative path of the variable absolute", async () => {
  await using folder = await temporaryFolder();
  const path = await executable(folder.path, "named");
  const env = { TEST_ENGINE_BINARY_PATH: relative(Deno.cwd(), path) };
  const options = optionsIn(folder.path, { env });
  const found = await resolveExecutable(testEngine("https://a.example"), options);
  assertEquals(found.kind === "binary" && found.path, path);
});

Deno.test("resolveExecutable() reports that a running engine has another version", async () => {
  await using folder = await temporaryFolder();
  const details = async (version: string | null) => {
    const options = optionsIn(folder.path, {
      probeRunning: () => Promise.resolve({ kind: "engine", version }),
    });
    return (await resolveExecutable(testEngine("https://a.example"), options)).steps.at(-1)?.detail;
  };
  assertEquals(await details("1.2.3"), "a healthy test-engine 1.2.3 already runs");
  assertMatch(
    (await details("1.0.0"))!,
    /1\.0\.0 already runs, but the configured version is 1\.2\.3 \(hale\.toml\)/,
  );
  assertMatch((await details(null))!, /does not report its version/);
});

Deno.test("resolveExecutable() rethrows the probe's error with the steps so far", async () => {
  await using folder = await temporaryFolder();
  const occupied = new HaleError("port_occupied", "Port 6420 is taken by nginx.", {
    fields: { port: 6420 },
  });
  const options = optionsIn(folder.path, { probeRunning: () => Promise.reject(occupied) });
  const error = await assertRejects(
    () => resolveExecutable(testEngine("https://a.example"), options),
    HaleError,
    "Port 6420 is taken by nginx.",
  );
  assertEquals({ code: error.code, port: error.fields.port }, {
    code: "port_occupied",
    port: 6420,
  });
  assertEquals(outcomes(error.fields.steps), [
    "explicit passed",
    "environment passed",
    "running failed",
  ]);
});
