import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import type { Packing } from "../../src/model/packing.ts";
import type { TargetOs } from "../../src/model/target.ts";
import { ArchiveError } from "../../src/resolve/archive/archive_error.ts";
import type { ArchiveLimits } from "../../src/resolve/archive/archive_rules.ts";
import { unpack, type UnpackedFile } from "../../src/resolve/archive/unpack.ts";
import type { Input } from "./fuzz_target.ts";
import { resultOf } from "./properties.ts";

const OS = Deno.build.os as TargetOs;

const LIMITS: ArchiveLimits = { bytes: 1024 ** 2, ratio: 200, ratioFrom: 64 * 1024, entries: 200 };

/** Names of two files that are beside the folder and must stay as they are. */
const BESIDE = ["kept", "zz"];

/**
 * Unpacks an archive and checks that nothing is written outside the folder, that what is written is what
 * is reported, that only the two modes occur, that links stay inside, and that the limits hold.
 *
 * @param folder An empty folder.
 * @param archive The archive.
 * @param packing Its format.
 * @returns The contents of the files by path; null if the archive was refused.
 */
export async function checkUnpacking(
  folder: string,
  archive: Input,
  packing: Exclude<Packing, "plain">,
): Promise<ReadonlyMap<string, Input> | null> {
  const outer = await Deno.makeTempDir({ dir: folder });
  try {
    for (const name of BESIDE) await Deno.writeTextFile(join(outer, name), name, { mode: 0o600 });
    const path = join(outer, "archive");
    await Deno.writeFile(path, archive);
    const into = join(outer, "into");
    await Deno.mkdir(into);
    const { value, error } = await resultOf(
      () => unpack(path, into, { packing, os: OS, name: "tool", limits: LIMITS }),
      ArchiveError,
    );
    const names = [...Deno.readDirSync(outer)].map(({ name }) => name).sort();
    assertEquals(names, ["archive", "into", ...BESIDE]);
    for (const name of BESIDE) {
      assertEquals(await Deno.readTextFile(join(outer, name)), name);
      const { mode, nlink } = await Deno.lstat(join(outer, name));
      assertEquals([mode! & 0o7777, nlink], [0o600, 1]);
    }
    const found = await walk(await Deno.realPath(into));
    if (error !== null) {
      assert(error.message.length > 10 && error.message.length < 10_000, error.message);
      return null;
    }
    assertReported(value, found);
    return found;
  } finally {
    await Deno.remove(outer, { recursive: true });
  }
}

function assertReported(files: readonly UnpackedFile[], found: ReadonlyMap<string, Input>): void {
  assertEquals(files.map(({ path }) => path).sort(), [...found.keys()].sort());
  for (const { path, size } of files) assertEquals(found.get(path)!.length, size);
}

/** Returns the contents of all files by path. Checks each entry. */
async function walk(root: string): Promise<ReadonlyMap<string, Input>> {
  const files = new Map<string, Input>();
  const inodes = new Map<number, number>();
  const visit = async (folder: string) => {
    for await (const { name } of Deno.readDir(join(root, folder))) {
      const path = folder === "" ? name : `${folder}/${name}`;
      const { isFile, isDirectory, isSymlink, mode, ino, size } = await Deno.lstat(
        join(root, path),
      );
      if (isSymlink) {
        const target = await Deno.realPath(join(root, path)).catch(() => null);
        assert(
          target === null || `${target}/`.startsWith(`${root}/`),
          `${path} leads to ${target}`,
        );
        continue;
      }
      if (isDirectory) {
        assertEquals(mode! & 0o7777, 0o755, path);
        await visit(path);
        continue;
      }
      assert(isFile, `${path} is neither a file, a folder nor a link`);
      assert([0o644, 0o755].includes(mode! & 0o7777), `${path} has the mode ${mode!.toString(8)}`);
      inodes.set(ino!, size);
      files.set(path, await Deno.readFile(join(root, path)));
    }
  };
  await visit("");
  const total = [...inodes.values()].reduce((sum, size) => sum + size, 0);
  assert(total <= LIMITS.bytes, `${total} bytes were written`);
  return files;
}
