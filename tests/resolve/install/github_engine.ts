import type { EngineSpec } from "../../../src/model/service_spec.ts";
import type { ReleasesServer } from "../../fixtures/releases_server.ts";
import { ARTIFACT, sha256Hex, testEngine } from "../release_fixture.ts";

export const ASSET = "test-engine-x86_64-linux";
export const BASE = "/owner/repo/releases/download/v1.2.3";
export const SHA256 = await sha256Hex(ARTIFACT);
export const OTHER = "ab".repeat(32);

export type Release = Partial<EngineSpec["release"]>;

/** The test engine as a release on GitHub, with the default configuration. */
export function onGitHub(server: ReleasesServer, release: Release = {}): EngineSpec {
  return testEngine(server.endpoint, {
    release: {
      github: "owner/repo",
      url: "",
      checksums: ["${asset}.sha256", "SHA256SUMS"],
      ...release,
    },
  });
}

export const LOCKED = {
  name: "test-engine",
  version: "1.2.3",
  target: "linux-amd64",
  url: "https://elsewhere.example/engine",
  size: ARTIFACT.length,
  sha256: SHA256,
};
