import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { join } from "@std/path";
import fc from "fast-check";
import type { Packing } from "../../../src/model/packing.ts";
import { ArchiveError } from "../../../src/resolve/archive/archive_error.ts";
import { ARCHIVE_LIMITS, type ArchiveLimits } from "../../../src/resolve/archive/archive_rules.ts";
import { unpack, type UnpackedFile } from "../../../src/resolve/archive/unpack.ts";
import { unixTest } from "../../fixtures/unix_test.ts";
import { filesBelow, sha256Hex, temporaryFolder } from "../release_fixture.ts";
import { concat, gzip, pax, tarOf, type TarPart, zipOf, type ZipPart } from "./build_archive.ts";

const encode = (text: string) => new TextEncoder().encode(text);

/** Unpacks an archive into a temporary folder and checks the result. */
async function unpacked(
  packing: Exclude<Packing, "plain">,
  archive: Uint8Array,
  look: (folder: string, files: readonly UnpackedFile[]) => Promise<void> | void = () => {},
  limits: ArchiveLimits = ARCHIVE_LIMITS,
): Promise<void> {
  await using temporary = await temporaryFolder();
  const path = join(temporary.path, "archive");
  const folder = join(temporary.path, "outer", "folder");
  await Deno.mkdir(folder, { recursive: true });
  await Deno.writeFile(path, archive);
  try {
    const files = await unpack(path, folder, { packing, os: "linux", name: "tool", limits });
    await look(folder, files);
  } finally {
    // Nothing is written beside the folder, also after a failure.
    assertEquals(await namesIn(temporary.path), ["archive", "outer"]);
    assertEquals(await namesIn(join(temporary.path, "outer")), ["folder"]);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return (await Array.fromAsync(Deno.readDir(folder), ({ name }) => name)).sort();
}

Deno.test("unpack() unpacks files and folders of a tar, with checksums and the executable bit", async () => {
  const archive = gzip(tarOf([
    { name: "./", type: "5" },
    { name: "tool-1/", type: "5", mode: 0o755 },
    { name: "tool-1/bin/tool", body: "#!/bin/sh\n", mode: 0o4755 },
    { name: "./tool-1//README", body: "read me" },
    { name: "tool-1/empty", body: "" },
  ]));
  await unpacked("tar.gz", archive, async (folder, files) => {
    assertEquals(files, [
      {
        path: "tool-1/bin/tool",
        size: 10,
        sha256: await sha256Hex(encode("#!/bin/sh\n")),
        executable: true,
      },
      {
        path: "tool-1/README",
        size: 7,
        sha256: await sha256Hex(encode("read me")),
        executable: false,
      },
      { path: "tool-1/empty", size: 0, sha256: await sha256Hex(encode("")), executable: false },
    ]);
    assertEquals(await Deno.readTextFile(join(folder, "tool-1", "README")), "read me");
    if (Deno.build.os === "windows") return;
    const { mode } = await Deno.stat(join(folder, "tool-1", "bin", "tool"));
    // Without the set-user-id bit.
    assertEquals(mode! & 0o7777, 0o755);
  });
});

Deno.test("unpack() unpacks a zip with deflated and stored files and a comment at its end", async () => {
  const archive = zipOf([
    { name: "tool-1/" },
    { name: "tool-1/tool", body: "program ".repeat(1000), mode: 0o100755 },
    { name: "tool-1/README", body: "read me", stored: true },
    { name: "from-dos", body: "x", mode: 0 },
  ], { comment: "made by hand" });
  await unpacked("zip", archive, async (folder, files) => {
    assertEquals(files.map(({ path, size, executable }) => [path, size, executable]), [
      ["tool-1/tool", 8000, true],
      ["tool-1/README", 7, false],
      ["from-dos", 1, true],
    ]);
    assertEquals(
      await Deno.readTextFile(join(folder, "tool-1", "tool")),
      "program ".repeat(1000),
    );
  });
});

Deno.test("unpack() unpacks a gzip file with several members", async () => {
  const archive = concat([gzip("first "), gzip("second"), new Uint8Array(100)]);
  await unpacked("gz", archive, async (folder, [file]) => {
    assertEquals([file?.path, file?.size, file?.executable], ["tool", 12, true]);
    assertEquals(await Deno.readTextFile(join(folder, "tool")), "first second");
  });
});

Deno.test("unpack() ignores what follows the gzip stream, and a file that occurs twice", async () => {
  const parts = [
    { name: "tool/LICENSE", body: "free" },
    { name: "tool/tool", body: "program", mode: 0o755 },
    { name: "./tool/LICENSE", body: "free" },
  ];
  const expected = [["tool/LICENSE", 4], ["tool/tool", 7]];
  const look = async (folder: string, files: readonly UnpackedFile[]) => {
    assertEquals(files.map(({ path, size }) => [path, size]), expected);
    assertEquals(await Deno.readTextFile(join(folder, "tool", "tool")), "program");
  };
  await unpacked("zip", zipOf(parts), look);
  const tar = tarOf(parts);
  const gzipMagic = new Uint8Array([0x1f, 0x8b]);
  for (
    const junk of [encode("signature\n"), new Uint8Array(100), gzipMagic, gzip("x").subarray(5)]
  ) {
    await unpacked("tar.gz", concat([gzip(tar), junk]), look);
    await unpacked(
      "tar.gz",
      concat([gzip(tar.subarray(0, 700)), gzip(tar.subarray(700)), junk]),
      look,
    );
    await unpacked("gz", concat([gzip("program"), junk]), async (folder) => {
      assertEquals(await Deno.readTextFile(join(folder, "tool")), "program");
    });
  }
});

Deno.test("unpack() refuses a gzip stream whose contents do not have its checksum", async () => {
  const archive = gzip("program");
  for (const at of [archive.length - 1, archive.length - 8]) {
    const damaged = archive.with(at, archive[at]! ^ 1);
    await assertRejects(() => unpacked("gz", damaged), ArchiveError, "its checksum is wrong");
  }
  await assertRejects(
    () => unpacked("gz", archive.subarray(0, -1)),
    ArchiveError,
    "it is damaged or truncated (unexpected end of file)",
  );
});

Deno.test("unpack() reads all fields of a gzip header, and limits them", async () => {
  const plain = gzip("program");
  const header = new Uint8Array([0x1f, 0x8b, 8, 0x1e, ...new Array(6).fill(0), 3, 0, 1, 2, 3]);
  const rest = concat([encode("name\0comment\0"), new Uint8Array(2), plain.subarray(10)]);
  await unpacked("gz", concat([header, rest]), async (folder) => {
    assertEquals(await Deno.readTextFile(join(folder, "tool")), "program");
  });
  const endless = concat([header, encode("x".repeat(70_000))]);
  await assertRejects(() => unpacked("gz", endless), ArchiveError, "its gzip header does not end");
});

unixTest("unpack() leaves out links that lead nowhere", async () => {
  const tar = [
    { name: "tool", body: "program" },
    { name: "docs/latest", type: "2", link: "1.0" },
    { name: "loop", type: "2", link: "loop" },
    { name: "a", type: "2", link: "docs/latest" },
    { name: "below-a-file", type: "2", link: "tool/x" },
    { name: "good", type: "2", link: "tool" },
  ];
  const zip = [
    { name: "tool", body: "program" },
    { name: "docs/latest", body: "1.0", mode: 0o120777 },
    { name: "no-name-is-so-long", body: "n".repeat(300), mode: 0o120777 },
    { name: "good", body: "tool", mode: 0o120777 },
  ];
  for (const [packing, archive] of [["tar.gz", gzip(tarOf(tar))], ["zip", zipOf(zip)]] as const) {
    await unpacked(packing, archive, async (folder) => {
      assertEquals(await namesIn(folder), ["docs", "good", "tool"]);
      assertEquals(await namesIn(join(folder, "docs")), []);
    });
  }
});

unixTest(
  "unpack() refuses a name that the system does not take, as a fault of the archive",
  async () => {
    const long = "n".repeat(256);
    const parts = [{ name: "tool", body: "program" }, { name: long, body: "x" }];
    const linkOf = (name: string) => ({ name, body: "tool", mode: 0o120777 });
    for (const part of [parts[1]!, { name: `${long}/` }, { name: `${long}/x` }, linkOf(long)]) {
      await assertRejects(
        () => unpacked("zip", zipOf([parts[0]!, part])),
        ArchiveError,
        `its entry "${long.slice(0, 100)}…" has a name that is too long for this system`,
      );
    }
  },
);

Deno.test("unpack() reads long names in the GNU and pax formats, and pax sizes", async () => {
  const long = `${"folder/".repeat(30)}file`;
  const body = "contents";
  const archive = tarOf([
    { name: "long", type: "L", body: `${long}-gnu\0` },
    { name: "cut", body },
    pax({ path: `${long}-päx`, size: String(body.length), comment: "é" }),
    { name: "cut", body, size: 0 },
    { name: "git", type: "g", body: "20 comment=0123456\n" },
    { name: "after", body },
  ]);
  await unpacked("tar.gz", gzip(archive), (_folder, files) => {
    assertEquals(files.map(({ path, size }) => [path, size]), [
      [`${long}-gnu`, 8],
      [`${long}-päx`, 8],
      ["after", 8],
    ]);
  });
});

Deno.test("unpack() accepts a tar without the empty blocks at its end", async () => {
  const archive = gzip(tarOf([{ name: "a", body: "1" }], { end: false }));
  await unpacked("tar.gz", archive, (_folder, files) => assertEquals(files.length, 1));
});

unixTest(
  "unpack() creates symbolic links inside the folder and hard links to earlier files",
  async () => {
    const archive = gzip(tarOf([
      { name: "bin/tool-1", body: "program", mode: 0o755 },
      { name: "bin/tool", type: "2", link: "tool-1" },
      { name: "lib", type: "2", link: "bin/../bin" },
      { name: "again", type: "1", link: "./bin/tool-1" },
    ]));
    await unpacked("tar.gz", archive, async (folder, files) => {
      assertEquals(files.map(({ path }) => path), ["bin/tool-1", "again"]);
      for (const path of ["bin/tool", "lib/tool-1", "lib/tool", "again"]) {
        assertEquals(await Deno.readTextFile(join(folder, path)), "program");
      }
    });
  },
);

unixTest("unpack() creates the symbolic links of a zip", async () => {
  const archive = zipOf([
    { name: "tool", body: "tool-1", mode: 0o120777 },
    { name: "tool-1", body: "program" },
  ]);
  await unpacked("zip", archive, async (folder) => {
    assertEquals(await Deno.readTextFile(join(folder, "tool")), "program");
  });
});

/** Archives that must be refused, with the expected message. */
const REFUSED: readonly {
  readonly name: string;
  readonly tar?: readonly TarPart[];
  readonly zip?: readonly ZipPart[];
  readonly says: string;
}[] = [
  {
    name: "a name leads outside",
    tar: [{ name: "../outside", body: "x" }],
    zip: [{ name: "a/../../outside", body: "x" }],
    says: "is not a path inside the archive",
  },
  {
    name: "a name is absolute",
    tar: [{ name: "/tmp/outside", body: "x" }],
    zip: [{ name: "/tmp/outside", body: "x" }],
    says: "is not a path inside the archive",
  },
  {
    name: "a name has a drive letter or backslashes",
    tar: [{ name: "..\\outside", body: "x" }],
    zip: [{ name: "C:outside", body: "x" }],
    says: "is not a path inside the archive",
  },
  {
    name: "a pax name leads outside",
    tar: [pax({ path: "../outside" }), { name: "innocent", body: "x" }],
    says: "is not a path inside the archive",
  },
  {
    name: "a name occurs twice with different contents",
    tar: [{ name: "a", body: "1" }, { name: "./a", body: "2" }],
    zip: [{ name: "a", body: "1" }, { name: "a", body: "2" }],
    says: "twice, with different contents",
  },
  {
    name: "a file has the name of a folder",
    tar: [{ name: "a/b", body: "1" }, { name: "a", body: "2" }],
    zip: [{ name: "a/b", body: "1" }, { name: "a", body: "2" }],
    says: 'it contains "a" twice',
  },
  {
    name: "a folder has the name of a file",
    tar: [{ name: "a", body: "2" }, { name: "a/b", body: "1" }],
    says: 'its entry "a/b" is below "a", which is a file',
  },
  {
    name: "a link points outside",
    tar: [{ name: "l", type: "2", link: "../../etc/passwd" }],
    zip: [{ name: "l", body: "../../etc/passwd", mode: 0o120777 }],
    says: 'its link "l" points outside, to "../../etc/passwd"',
  },
  {
    name: "a link is absolute",
    tar: [{ name: "l", type: "2", link: "/etc/passwd" }],
    zip: [{ name: "l", body: "/etc/passwd", mode: 0o120777 }],
    says: 'its link "l" points outside, to "/etc/passwd"',
  },
  {
    name: "a path passes through a link",
    tar: [{ name: "l", type: "2", link: "." }, { name: "l/x", body: "x" }],
    zip: [{ name: "l", body: ".", mode: 0o120777 }, { name: "l/x", body: "x" }],
    says: 'its entry "l/x" is below "l", which is a symlink',
  },
  {
    name: "links point outside only in combination",
    tar: [
      { name: "a/b/c/x", body: "x" },
      { name: "a/b/c/up", type: "2", link: "../../.." },
      { name: "out", type: "2", link: "a/b/c/up/.." },
    ],
    says: 'its link "out" points outside',
  },
  {
    name: "a hard link points outside",
    tar: [{ name: "l", type: "1", link: "/etc/passwd" }],
    says: "points outside",
  },
  {
    name: "a hard link points to a later file",
    tar: [{ name: "l", type: "1", link: "later" }, { name: "later", body: "x" }],
    says: "is not a file before it",
  },
  {
    name: "it contains a device",
    tar: [{ name: "null", type: "3" }],
    says: 'its entry "null" has the type "3", which is not a file, folder or link',
  },
  {
    name: "it contains a pipe",
    zip: [{ name: "pipe", mode: 0o010644 }],
    says: 'its entry "pipe" is not a file, folder or link',
  },
  {
    name: "a link is longer than any path",
    zip: [{ name: "l", body: "x".repeat(5_000), mode: 0o120777 }],
    says: 'its link "l" is longer than 4096 bytes',
  },
  {
    name: "a file is sparse",
    tar: [{ name: "sparse", type: "S" }],
    says: 'its entry "sparse" has the type "S", which is not a file, folder or link',
  },
  {
    name: "a pax header marks a file as sparse",
    tar: [pax({ "GNU.sparse.major": "1" }), { name: "sparse", body: "x" }],
    says: "it contains a sparse file",
  },
  {
    name: "a file is part of another volume",
    tar: [{ name: "part", type: "M", body: "x" }],
    says: "not a file, folder or link",
  },
  {
    name: "an extended header is damaged, so a name may be lost",
    tar: [{ name: "pax", type: "x", body: "not a record\n" }, { name: "a", body: "x" }],
    says: "a damaged extended header",
  },
  {
    name: "a pax size is not a number",
    tar: [pax({ size: "-1" }), { name: "a", body: "x" }],
    says: 'the invalid size "-1"',
  },
  {
    name: "a file is encrypted",
    zip: [{ name: "secret", body: "x", flags: 1 }],
    says: 'its entry "secret" is encrypted',
  },
  {
    name: "a compression method is not supported",
    zip: [{ name: "odd", body: "x", method: 93 }],
    says: "uses the compression method 93",
  },
  {
    name: "a file has two names",
    zip: [{ name: "tool", localName: "evil", body: "x" }],
    says: "contradicts its central directory",
  },
  {
    name: "a CRC is wrong",
    zip: [{ name: "tool", body: "x", crc: 1 }],
    says: 'its entry "tool" is damaged (size or CRC-32 is wrong)',
  },
  {
    name: "a file is longer than its size in the directory",
    zip: [{ name: "tool", body: "xxxxxxxxxx", size: 5 }],
    says: "is damaged",
  },
];

for (const { name, tar, zip, says } of REFUSED) {
  const archives = [
    ...(tar === undefined ? [] : [["tar.gz", gzip(tarOf(tar))] as const]),
    ...(zip === undefined ? [] : [["zip", zipOf(zip)] as const]),
  ];
  for (const [packing, archive] of archives) {
    unixTest(`unpack() refuses a ${packing} when ${name}`, async () => {
      const error = await assertRejects(() => unpacked(packing, archive), ArchiveError);
      assertStringIncludes(error.message, says);
    });
  }
}

const small: ArchiveLimits = { bytes: 10_000, ratio: 20, ratioFrom: 2_000, entries: 3 };

Deno.test("unpack() refuses archives above the limits of bytes, ratio and entries", async () => {
  const noise = crypto.getRandomValues(new Uint8Array(10_001));
  const cases: readonly (readonly [Exclude<Packing, "plain">, Uint8Array, string])[] = [
    ["tar.gz", gzip(tarOf([{ name: "a", body: noise }])), "it unpacks to more than 10000 bytes"],
    ["zip", zipOf([{ name: "a", body: noise }]), "it unpacks to more than 10000 bytes"],
    ["gz", gzip(noise), "it unpacks to more than 10000 bytes"],
    [
      "gz",
      gzip(new Uint8Array(9_000)),
      "it unpacks to more than 20 times its size, like an archive bomb",
    ],
    [
      "zip",
      zipOf([{ name: "a", body: new Uint8Array(9_000) }]),
      "it unpacks to more than 20 times its size, like an archive bomb",
    ],
    [
      "tar.gz",
      gzip(tarOf(["a", "b", "c", "d"].map((name) => ({ name })))),
      "it has more than 3 entries",
    ],
    ["zip", zipOf(["a", "b", "c", "d"].map((name) => ({ name }))), "it has more than 3 entries"],
  ];
  for (const [packing, archive, says] of cases) {
    const error = await assertRejects(
      () => unpacked(packing, archive, undefined, small),
      ArchiveError,
    );
    assertStringIncludes(error.message, says);
  }
  // Below `ratioFrom` a high ratio is allowed: text compresses well.
  await unpacked("gz", gzip("x".repeat(1_999)), undefined, small);
});

Deno.test("unpack() refuses a zip whose directory is longer than its end record says, or passes the end", async () => {
  const parts = [{ name: "a", body: "x" }, { name: "b", body: "y" }];
  // A record with a name of one letter has 47 bytes; there are two.
  for (const directoryBytes of [47, 10_000]) {
    const zip = zipOf(parts, { directoryBytes });
    const error = await assertRejects(() => unpacked("zip", zip), ArchiveError);
    assertStringIncludes(error.message, "its central directory is damaged");
  }
});

Deno.test("unpack() stops at the size in the directory of a zip", async () => {
  const zip = zipOf([{ name: "a", body: new Uint8Array(80_000_000), size: 5 }]);
  const error = await assertRejects(() => unpacked("zip", zip), ArchiveError);
  assertStringIncludes(error.message, '"a" is damaged');
});

Deno.test("unpack() refuses an archive bomb before it is unpacked", async () => {
  const bomb = gzip(new Uint8Array(200_000_000));
  await unpacked("gz", bomb, () => assert(false, "it was unpacked")).catch((error) => {
    assertStringIncludes(error.message, "more than 200 times its size");
  });
});

Deno.test("unpack() refuses files that are truncated, damaged or of another format", async () => {
  const tar = tarOf([{ name: "a", body: "x".repeat(700) }, { name: "b", body: "y" }]);
  const damaged = tar.slice();
  damaged[3] = 1;
  const truncated = "it is truncated";
  const cut = /^it is damaged or truncated \(.+\)$/;
  const noTar = "it is not a tar file, or is damaged";
  const noGzip = "it is not a gzip file";
  const noZip = "it is not a zip file, or is truncated";
  const cases: readonly (readonly [Exclude<Packing, "plain">, Uint8Array, string | RegExp])[] = [
    ["tar.gz", gzip(tar.subarray(0, 600)), truncated],
    ["tar.gz", gzip(tar.subarray(0, 1300)), truncated],
    ["tar.gz", gzip(tar).subarray(0, 60), cut],
    ["tar.gz", gzip(damaged), noTar],
    ["tar.gz", gzip("no tar ".repeat(200)), "it has a header with an invalid number"],
    ["tar.gz", encode("no gzip"), noGzip],
    ["tar.gz", zipOf([{ name: "a", body: "x" }]), noGzip],
    ["gz", encode("#!/bin/sh\n"), noGzip],
    ["gz", gzip("abc").subarray(0, 15), cut],
    ["gz", new Uint8Array(), noGzip],
    ["zip", new Uint8Array(), noZip],
    ["zip", encode("no zip"), noZip],
    ["zip", gzip(tar), noZip],
    ["zip", zipOf([{ name: "a", body: "x" }]).subarray(0, 60), noZip],
    ["zip", zipOf([{ name: "a", body: "x" }]).subarray(1), /./],
  ];
  for (const [packing, archive, says] of cases) {
    const { message } = await assertRejects(() => unpacked(packing, archive), ArchiveError);
    if (typeof says === "string") assertEquals(message, says, packing);
    else assertMatch(message, says);
  }
});

Deno.test("unpack() returns valid files or throws an ArchiveError when any byte is changed", async () => {
  const parts = [{ name: "a/b", body: "program" }, { name: "c", body: "text" }];
  const archives = { zip: zipOf(parts), "tar.gz": tarOf(parts) } as const;
  const change = fc.record({
    packing: fc.constantFrom("zip" as const, "tar.gz" as const),
    at: fc.nat(),
    to: fc.nat(255),
  });
  await fc.assert(
    fc.asyncProperty(change, async ({ packing, at, to }) => {
      const bytes = archives[packing].slice();
      bytes[at % bytes.length] = to;
      // `unpacked` itself checks that nothing was written beside the folder.
      await unpacked(packing, packing === "zip" ? bytes : gzip(bytes)).catch((error) => {
        if (!(error instanceof ArchiveError)) throw error;
      });
    }),
    { numRuns: 150 },
  );
});

/** Returns whether a packer is installed. */
async function has(...command: readonly [string, ...string[]]): Promise<boolean> {
  const [program, ...args] = command;
  try {
    return (await new Deno.Command(program, { args, stdout: "null", stderr: "null" }).output())
      .success;
  } catch {
    return false;
  }
}

const PACKERS = [
  { name: "GNU tar", packing: "tar.gz", command: ["tar", "--format=gnu", "-czf"] },
  { name: "tar with pax headers", packing: "tar.gz", command: ["tar", "--format=pax", "-czf"] },
  {
    name: "tar in the ustar format",
    packing: "tar.gz",
    command: ["tar", "--format=ustar", "-czf"],
  },
  { name: "zip", packing: "zip", command: ["zip", "-qry"] },
] as const;

for (const { name, packing, command: [program, ...args] } of PACKERS) {
  unixTest(`unpack() unpacks an archive made by ${name}`, async () => {
    if (!await has(program, program === "zip" ? "-v" : "--version")) {
      console.log(`${program} is not installed`);
      return;
    }
    await using source = await temporaryFolder();
    const deep = join("tool-1", ...Array.from({ length: 8 }, () => "a-folder-name"));
    const tree = join(source.path, "tree");
    await Deno.mkdir(join(tree, deep), { recursive: true });
    const body = crypto.getRandomValues(new Uint8Array(50_000));
    await Deno.writeFile(join(tree, "tool-1", "tool"), body, { mode: 0o755 });
    await Deno.writeTextFile(join(tree, deep, "file"), "deep");
    await Deno.symlink("tool", join(tree, "tool-1", "link"));
    const path = join(source.path, `archive.${packing}`);
    const { success, stderr } = await new Deno.Command(program, {
      args: [...args, path, "tool-1"],
      cwd: tree,
    }).output();
    assert(success, new TextDecoder().decode(stderr));
    const folder = join(source.path, "folder");
    await Deno.mkdir(folder);
    const files = await unpack(path, folder, { packing, os: "linux", name: "tool" });
    assertEquals(await filesBelow(folder), await filesBelow(tree));
    assertEquals(await Deno.readFile(join(folder, "tool-1", "link")), body);
    assert(files.find(({ path }) => path === "tool-1/tool")?.executable);
  });
}
