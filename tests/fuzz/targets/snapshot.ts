import { assert, assertEquals } from "@std/assert";
import { dirname, join } from "@std/path";
import { HaleError } from "../../../src/errors.ts";
import { runtimePaths, servicePaths } from "../../../src/home/home_paths.ts";
import { newRuntimeSnapshot } from "../../../src/store/runtime/runtime_file.ts";
import { RuntimeStore } from "../../../src/store/runtime/runtime_store.ts";
import {
  configName,
  readConfigBundle,
  readEnvironmentFile,
  readRuntimeFile,
  readServiceFile,
  snapshotText,
} from "../../../src/store/snapshot/snapshot.ts";
import { supervisorOf } from "../../fixtures/supervised_home.ts";
import { storedService } from "../../store/sample_records.ts";
import type { FuzzTarget, Input, OpenTarget } from "../fuzz_target.ts";
import { readCorpus } from "../explore.ts";
import { NO_PROCESSES } from "../no_processes.ts";
import { jsonInputs } from "../json_inputs.ts";
import { assertRefusal, resultOf } from "../properties.ts";

const RUNTIME = "app";
const SERVICE = "api";

/** In the environments and requests of the corpus. No message may quote it. */
const SECRET = "hunter2";

const CODES = ["store_corrupt", "wrong_runtime", "store_io"];

type Stored = Parameters<typeof snapshotText>[0];

/** The snapshots of a runtime, and a supervisor that goes on from them. */
export const open: OpenTarget = (folder): FuzzTarget => ({
  inputs: jsonInputs(
    [...readCorpus("snapshot").values()].map((it) => JSON.parse(new TextDecoder().decode(it))),
  ),
  words: ["null", "{}", "[]", '"running"', '"backoff"', '"schema_version": 9', ": ", ",\n"],
  check: async (input) => {
    const home = await Deno.makeTempDir({ dir: folder });
    try {
      const { snapshot: runtime, events } = runtimePaths(home, RUNTIME);
      const { snapshot, environment, configs } = servicePaths(runtimePaths(home, RUNTIME), SERVICE);
      await Deno.mkdir(configs, { recursive: true });
      const config = join(configs, configName("0123"));
      await checkFile(runtime, input, () => readRuntimeFile(runtime));
      await checkFile(environment, input, () => readEnvironmentFile(environment, RUNTIME));
      await checkFile(config, input, () => {
        const found = readConfigBundle(config, RUNTIME);
        return found === null ? null : { snapshot: found };
      });
      await checkFile(snapshot, input, () => readServiceFile(snapshot, RUNTIME));
      for (const [path, other] of [[snapshot, runtime], [runtime, snapshot]] as const) {
        await Deno.remove(events).catch(() => {});
        await Deno.writeFile(path, input);
        const good = path === snapshot
          ? newRuntimeSnapshot(RUNTIME)
          : storedService(RUNTIME, SERVICE);
        await Deno.writeTextFile(other, snapshotText(good));
        await checkStore(home);
      }
    } finally {
      await Deno.remove(home, { recursive: true });
    }
  },
});

/** It is refused with its path and without its contents, or written as it was read. */
async function checkFile(
  path: string,
  input: Input,
  read: () => { readonly snapshot: Stored | null } | null,
): Promise<void> {
  await Deno.writeFile(path, input);
  const { value, error } = await resultOf(read, HaleError);
  if (error !== null) {
    assertRefusal(error, { codes: CODES, names: dirname(path) });
    assert(!error.message.includes(SECRET), error.message);
  } else if (value?.snapshot) {
    await Deno.writeTextFile(path, snapshotText(value.snapshot));
    assertEquals(read()?.snapshot, value.snapshot, "it is not written as it was read");
  }
  await Deno.remove(path);
}

async function checkStore(home: string): Promise<void> {
  const opened = await resultOf(() => RuntimeStore.open(home, RUNTIME), HaleError);
  if (opened.error !== null) {
    assertRefusal(opened.error, { codes: CODES, names: home });
    return;
  }
  await opened.value.close();
  const again = RuntimeStore.open(home, RUNTIME);
  assertEquals([...again.services], [...opened.value.services], "a second open differs");
  await again.close();
  await checkSupervisor(home);
}

/** What the store accepts, a supervisor can go on from. It launches nothing here. */
async function checkSupervisor(home: string): Promise<void> {
  const problems: HaleError[] = [];
  const supervisor = supervisorOf(home, {
    effects: NO_PROCESSES,
    onProblem: (error) => problems.push(error),
  });
  const { value: runtime, error } = await resultOf(() => supervisor.runtime(RUNTIME), HaleError);
  if (error !== null) assertRefusal(error, { codes: CODES });
  else {
    const status = runtime.status();
    assertEquals(JSON.parse(JSON.stringify(status)), status);
    await new Promise((resolve) => supervisor.queue.enqueue(() => resolve(null)));
    await runtime.records.flush();
  }
  await supervisor.close();
  for (const problem of problems) assertRefusal(problem, { codes: CODES });
  // The next supervisor finds all that this one wrote.
  await RuntimeStore.open(home, RUNTIME).close();
}
