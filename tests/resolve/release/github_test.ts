import { assertEquals, assertStringIncludes } from "@std/assert";
import type { EngineSpec } from "../../../src/model/service_spec.ts";
import { authorizationFor, githubToken } from "../../../src/resolve/download/github_token.ts";
import { HttpsWorld, type WorldRequest } from "../../fixtures/https_world.ts";
import { spawnInstall } from "../install/install_process.ts";
import { ARTIFACT, sha256Hex, temporaryFolder, testEngine } from "../release_fixture.ts";

const ASSET = "test-engine-x86_64-linux";
const BASE = "/owner/repo/releases/download/v1.2.3";
const STORAGE = "release-assets.githubusercontent.com";
const SHA256 = await sha256Hex(ARTIFACT);

function onGitHub(): EngineSpec {
  return testEngine("", {
    release: {
      endpoint: null,
      github: "owner/repo",
      url: "",
      checksums: ["${asset}.sha256", "SHA256SUMS"],
    },
  });
}

/** Responses of GitHub for a release: every asset redirects to another host. */
function github({ host, path }: WorldRequest): Response {
  const files: Readonly<Record<string, Uint8Array<ArrayBuffer> | string>> = {
    [ASSET]: ARTIFACT,
    SHA256SUMS: `${SHA256}  ${ASSET}\n`,
  };
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (files[name] === undefined) return new Response("Not Found", { status: 404 });
  if (host === STORAGE) return new Response(files[name]);
  return Response.redirect(`https://${STORAGE}/signed/${name}?signature=secret`, 302);
}

Deno.test("installRelease() follows GitHub's redirect, through a proxy with its own certificate authority", async () => {
  await using world = new HttpsWorld(github);
  await using cache = await temporaryFolder();
  const outcome = await spawnInstall({
    engine: onGitHub(),
    cacheDir: cache.path,
    token: "ghp_secret",
    env: world.env,
  }).outcome;
  assertEquals({ message: outcome?.message, sha256: outcome?.sha256 }, {
    message: null,
    sha256: SHA256,
  });
  // The token is sent to GitHub, not to the hosts that GitHub redirects to.
  assertEquals(
    world.requests.map(({ host, path, authorization }) => `${host}${path} ${authorization}`),
    [
      `github.com${BASE}/${ASSET}.sha256 Bearer ghp_secret`,
      `github.com${BASE}/SHA256SUMS Bearer ghp_secret`,
      `${STORAGE}/signed/SHA256SUMS null`,
      `github.com${BASE}/${ASSET} Bearer ghp_secret`,
      `${STORAGE}/signed/${ASSET} null`,
    ],
  );
  assertEquals([...new Set(world.tunnels)].sort(), ["github.com:443", `${STORAGE}:443`]);
});

Deno.test("installRelease() explains how to trust an unknown certificate authority", async () => {
  await using world = new HttpsWorld(github);
  await using cache = await temporaryFolder();
  const { DENO_CERT: _, ...env } = world.env;
  const outcome = await spawnInstall({ engine: onGitHub(), cacheDir: cache.path, env }).outcome;
  assertEquals(outcome?.code, "download_failed");
  for (
    const text of [
      "certificate",
      "If your network uses its own certificate authority, set DENO_CERT to its PEM file, or " +
      "DENO_TLS_CA_STORE=system to trust the certificates of this machine.",
    ]
  ) {
    assertStringIncludes(outcome!.message!, text);
  }
  // One request: a retry would not help.
  assertEquals(world.tunnels.length, 1);
});

Deno.test("installRelease() refuses redirects from https to http or to another scheme", async () => {
  for (const location of ["http://127.0.0.1:1/x", "file:///etc/passwd", "data:,x"]) {
    await using world = new HttpsWorld(() =>
      new Response(null, { status: 302, headers: { location } })
    );
    await using cache = await temporaryFolder();
    const outcome = await spawnInstall({
      engine: onGitHub(),
      cacheDir: cache.path,
      env: world.env,
    }).outcome;
    assertEquals({ code: outcome?.code, requestCount: world.requests.length }, {
      code: "download_failed",
      requestCount: 1,
    });
    assertStringIncludes(outcome!.message!, "the server redirects");
  }
});

Deno.test("installRelease() names the variables of the token when GitHub refuses it", async () => {
  await using world = new HttpsWorld(() => new Response("Bad credentials", { status: 401 }));
  await using cache = await temporaryFolder();
  const outcome = await spawnInstall({
    engine: onGitHub(),
    cacheDir: cache.path,
    token: "expired",
    env: world.env,
  }).outcome;
  assertEquals(outcome?.code, "download_failed");
  assertStringIncludes(outcome!.message!, "GITHUB_TOKEN or GH_TOKEN");
});

Deno.test("authorizationFor() returns the token only for GitHub over https", () => {
  const headers = (url: string) => authorizationFor(new URL(url), "secret");
  assertEquals(headers("https://github.com/o/r"), { authorization: "Bearer secret" });
  const others = [
    "http://github.com/o/r",
    "https://github.com:8443/o/r",
    "https://github.com.example/o/r",
    "https://example/github.com",
    "https://objects.githubusercontent.com/x",
    "http://127.0.0.1/github.com",
  ];
  for (const url of others) assertEquals(headers(url), {}, url);
  assertEquals(authorizationFor(new URL("https://github.com/o/r"), null), {});
});

Deno.test("githubToken() reads the variables of GitHub's own programs", () => {
  assertEquals(githubToken({}), null);
  assertEquals(githubToken({ GITHUB_TOKEN: "", GH_TOKEN: "b" }), "b");
  assertEquals(githubToken({ GITHUB_TOKEN: "a", GH_TOKEN: "b" }), "a");
});
