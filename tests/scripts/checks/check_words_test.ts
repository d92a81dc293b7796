// deno-lint-ignore-file hale/plain-words
import { assertEquals } from "@std/assert";
import { checkWords } from "../../../scripts/checks/check_words.ts";
import { runCheck, tempRepo } from "./temp_repo.ts";

Deno.test("checkWords() reads documents, presets, workflows and shell scripts", async () => {
  const read = [
    ".ci/run",
    ".github/CONTRIBUTING.md",
    ".github/workflows/ci.yml",
    "README.md",
    "scripts/release/install.ps1",
    "scripts/release/install.sh",
    "src/cli/completions/hale.bash",
    "src/cli/completions/hale.fish",
    "src/cli/completions/hale.zsh",
    "src/cli/manual/files.md",
    "src/config/presets/deno.toml",
  ];
  const passedOver = [
    "LICENSE",
    "deno.lock",
    "src/a.ts",
    "scripts/a.mjs",
    "tests/a.json",
    "a/.ci/b",
  ];
  using repo = await tempRepo(
    Object.fromEntries([...read, ...passedOver].map((file) => [file, "\nIt stands.\n"])),
  );
  assertEquals(
    await checkWords(repo.path),
    read.map((file) => ({ file, line: 2, message: '"stands": write "is"' })),
  );
});

Deno.test("check_words.ts prints file and line and ends with 1 when a document has such a word", async () => {
  assertEquals(
    await runCheck("check_words.ts", { "README.md": "\n\nnobody", "LICENSE": "nobody" }),
    {
      status: 1,
      stdout: "",
      stderr: 'README.md:3: "nobody": name the user, the caller or the process\n',
    },
  );
});
