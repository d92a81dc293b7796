import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { HaleError } from "../../../src/errors.ts";
import { join } from "@std/path";
import { ProjectLock } from "../../../src/app/releases/project_lock.ts";
import {
  findLocked,
  formatLockfile,
  type LockedArtifact,
  parseLockfile,
} from "../../../src/resolve/release/lockfile.ts";
import type { FuzzTarget, OpenTarget } from "../fuzz_target.ts";
import { assertRefusal, resultOf, utf8 } from "../properties.ts";

const word = fc.oneof(
  fc.constantFrom("engine", "1.2.3", "linux-amd64", "__proto__", "\ud800", '"\\', "\u007f"),
  fc.string({ unit: "binary", minLength: 1, maxLength: 6 }),
);

const artifact: fc.Arbitrary<LockedArtifact> = fc.record({
  name: word,
  version: word,
  target: word,
  url: fc.webUrl(),
  size: fc.maxSafeNat(),
  sha256: fc.constantFrom("a".repeat(64), "0".repeat(64)),
});

const inputs = fc.array(artifact, { maxLength: 5 })
  .map((artifacts) => new TextEncoder().encode(formatLockfile(artifacts)));

/** A lock file: {@linkcode ProjectLock} and {@linkcode parseLockfile}. */
export const open: OpenTarget = (folder): FuzzTarget => {
  const path = join(folder, "hale.lock");
  return {
    inputs,
    words: [
      ...["[[artifact]]\n", "name = ", 'version = "1"\n', "version = 1\n", "size = ", "sha256 = "],
      ...[
        "<<<<<<< HEAD\n",
        "||||||| base\n",
        "=======\n",
        ">>>>>>> topic\n",
        `"${"b".repeat(64)}"`,
      ],
    ],
    check: async (input) => {
      Deno.writeFileSync(path, input);
      const config = { config_path: join(folder, "hale.toml") };
      const { error } = await resultOf(() => ProjectLock.open(config), HaleError);
      if (error !== null) {
        assertRefusal(error, { codes: ["config_invalid"], names: path });
        return;
      }
      const text = utf8(input);
      assert(text !== null, "bytes that are not UTF-8 were accepted");
      const artifacts = parseLockfile(text, path);
      const written = formatLockfile(artifacts);
      const again = parseLockfile(written, path);
      for (const one of artifacts) assertEquals(sameFile(findLocked(again, one)), sameFile(one));
      assertEquals(again.length, artifacts.length);
      assertEquals(formatLockfile(again), written);
    },
  };
};

function sameFile(artifact: LockedArtifact | null) {
  return { sha256: artifact?.sha256, size: artifact?.size };
}
