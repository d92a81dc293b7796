import { assert, assertEquals } from "@std/assert";
import { join } from "@std/path";
import { importRefusal, LAYERS, placeRefusal } from "../../../scripts/checks/layers.ts";
import { REPO } from "./temp_repo.ts";

/** An import, such as "src/a.ts imports types of src/b.ts", and what is said of it. */
type Case = readonly [of: string, refusal: string | null];

const CASES: readonly Case[] = [
  // Layers.
  ["src/version.ts imports deno.json", null],
  ["src/errors.ts imports src/errors.ts", null],
  ["src/model/a.ts imports src/errors.ts", null],
  ["src/model/a.ts imports src/model/b.ts", null],
  ["src/platform/a.ts imports src/model/a.ts", null],
  ["src/config/a.ts imports src/platform/mod.ts", null],
  ["src/app/a.ts imports src/supervise/service/s.ts", null],
  ["src/cli/a.ts imports src/app/services/up.ts", null],
  ["src/mod.ts imports src/library/project.ts", null],
  ["main.ts imports src/cli/main.ts", null],
  ["scripts/a/a.ts imports main.ts", null],
  ["scripts/a/a.ts imports scripts/b/b.ts", null],
  ["scripts/a.ts imports src/store/jsonl/writer.ts", null],
  [
    "src/errors.ts imports src/model/a.ts",
    "src/errors.ts may not import src/model, which is above it",
  ],
  [
    "src/model/a.ts imports types of src/platform/mod.ts",
    "src/model may not import src/platform, which is above it",
  ],
  ["src/text/a.ts imports src/async/a.ts", "src/text may not import src/async, which is beside it"],
  [
    "src/platform/a.ts imports src/store/jsonl/a.ts",
    "src/platform may not import src/store, which is above it",
  ],
  [
    "src/config/build/a.ts imports types of src/resolve/search/a.ts",
    "src/config may not import src/resolve, which is beside it",
  ],
  [
    "src/app/up.ts imports src/cli/main.ts",
    "src/app may not import src/cli, which is above it",
  ],
  [
    "src/cli/main.ts imports src/library/project.ts",
    "src/cli may not import src/library, which is beside it",
  ],
  ["src/cli/main.ts imports src/mod.ts", "src/cli may not import src/mod.ts, which is above it"],
  ["src/cli/a.ts imports scripts/a.ts", "src may not import scripts, which is above it"],
  ["main.ts imports tests/a.ts", "main.ts may not import tests, which is not in LAYERS"],
  ["scripts/a.ts imports ../a.ts", "scripts may not import .., which is not in LAYERS"],
  // Types only.
  ["src/supervise/effects.ts imports types of src/store/events/e.ts", null],
  [
    "src/supervise/effects.ts imports src/store/events/e.ts",
    "src/supervise may import only types of src/store",
  ],
  [
    "src/supervise/effects.ts imports types of src/resolve/search/r.ts",
    "src/supervise may not import src/resolve, which is beside it",
  ],
  ["src/mod.ts imports types of src/config/load.ts", null],
  ["src/mod.ts imports src/config/load.ts", "src/mod.ts may import only types of src/config"],
  ["src/mod.ts imports src/app/context.ts", null],
  // Sub-folders.
  ["src/app/project/a.ts imports src/app/context.ts", null],
  ["src/app/actor.ts imports src/app/context.ts", null],
  ["src/app/doctor/a.ts imports src/app/upgrade/a.ts", null],
  [
    "src/app/context.ts imports types of src/app/project/a.ts",
    "src/app/context.ts may not import src/app/project, which is above it",
  ],
  [
    "src/app/services/up.ts imports src/app/upgrade/upgrade.ts",
    "src/app/services may not import src/app/upgrade, which is above it",
  ],
  [
    "src/supervise/exit/a.ts imports src/supervise/api/a.ts",
    "src/supervise/exit may not import src/supervise/api, which is above it",
  ],
  // Files that have an entry of their own.
  ["src/health/checks/http.ts imports src/health/within_budget.ts", null],
  ["src/health/probe.ts imports src/health/checks/http.ts", null],
  [
    "src/health/types.ts imports src/health/within_budget.ts",
    "src/health/types.ts may not import src/health/within_budget.ts, which is above it",
  ],
  [
    "src/health/checks/http.ts imports src/health/probe.ts",
    "src/health/checks may not import src/health/probe.ts, which is above it",
  ],
  // Commands.
  ["src/cli/registry.ts imports src/cli/commands/up/run.ts", null],
  ["src/cli/commands/up/run.ts imports src/cli/commands/up/spec.ts", null],
  ["src/cli/commands/up/run.ts imports src/cli/commands/shared_flags.ts", null],
  ["src/cli/commands/cache/ls/run.ts imports src/cli/commands/shared_flags.ts", null],
  [
    "src/cli/commands/up/run.ts imports types of src/cli/registry.ts",
    "src/cli/commands may not import src/cli/registry.ts, which is above it",
  ],
  [
    "src/cli/commands/up/run.ts imports src/cli/commands/down/run.ts",
    "src/cli/commands/up may not import src/cli/commands/down, which is beside it",
  ],
  [
    "src/cli/commands/cache/ls/run.ts imports src/cli/commands/cache/prune/spec.ts",
    "src/cli/commands/cache/ls may not import src/cli/commands/cache/prune, which is beside it",
  ],
  [
    "src/cli/commands/shared_flags.ts imports src/cli/commands/up/spec.ts",
    "src/cli/commands/shared_flags.ts may not import src/cli/commands/up, which is above it",
  ],
];

for (const [of, refusal] of CASES) {
  Deno.test(`importRefusal() ${refusal === null ? "allows" : "refuses"} that ${of}`, () => {
    const [, from, types, to] = /^(\S+) imports (types of )?(\S+)$/.exec(of)!;
    assertEquals(importRefusal(from!, to!, { typeOnly: types !== undefined }), refusal);
  });
}

const PLACES: readonly (readonly [file: string, refusal: string | null])[] = [
  ["main.ts", null],
  ["scripts/anything/a.ts", null],
  ["src/errors.ts", null],
  ["src/text/a.ts", null],
  ["src/app/context.ts", null],
  ["src/cli/commands/new/run.ts", null],
  [
    "src/utils/a.ts",
    "src/utils is not in LAYERS: add utils to the row of src in scripts/checks/layers.ts",
  ],
  [
    "src/a.ts",
    "src/a.ts is not in LAYERS: add a.ts to the row of src in scripts/checks/layers.ts",
  ],
  [
    "src/store/a.ts",
    "src/store/a.ts is not in LAYERS: add a.ts to the row of src/store in scripts/checks/layers.ts",
  ],
  [
    "src/app/new/a.ts",
    "src/app/new is not in LAYERS: add new to the row of src/app in scripts/checks/layers.ts",
  ],
  [
    "src/text/new/a.ts",
    "src/text/new is not in LAYERS: add a row for src/text in scripts/checks/layers.ts",
  ],
  [
    "src/cli/commands/up/new/a.ts",
    "src/cli/commands/up/new is not in LAYERS: " +
    "add a row for src/cli/commands/up in scripts/checks/layers.ts",
  ],
];

for (const [file, refusal] of PLACES) {
  Deno.test(`placeRefusal() ${refusal === null ? "allows" : "refuses"} ${file}`, () => {
    assertEquals(placeRefusal(file), refusal);
  });
}

Deno.test("LAYERS names only folders and files that exist", async () => {
  const missing = [];
  for (const row of LAYERS.replaceAll(/\n\s+/g, " ").split("\n")) {
    const [folder, ...entries] = row.split(/\s+/);
    for (const entry of entries.filter((entry) => !/^(<|\*|\*\.ts)$/.test(entry))) {
      const exists = await Deno.stat(join(REPO, folder!, entry)).then(() => true, () => false);
      if (!exists) missing.push(`${folder}/${entry}`);
    }
  }
  assert(LAYERS.includes("src/cli"));
  assertEquals(missing, []);
});
