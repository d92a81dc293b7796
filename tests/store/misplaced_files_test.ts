import { assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "@std/path";
import { AuditLog } from "../../src/audit/audit_log.ts";
import { readAudit } from "../../src/audit/read_audit.ts";
import type { HaleError } from "../../src/errors.ts";
import { listFolder } from "../../src/files/list_folder.ts";
import { removeTempFiles } from "../../src/files/temp_files.ts";
import { assertHomePermissions } from "../../src/home/home_permissions.ts";
import { ensureHome, runtimePaths, servicePaths } from "../../src/home/home_paths.ts";
import { liveLeases } from "../../src/store/events/event_lease.ts";
import { checkRuntime } from "../../src/store/repair/check_runtime.ts";
import { MAX_CONFIG_BUNDLES } from "../../src/store/runtime/config_bundles.ts";
import { isStored, listRuntimes } from "../../src/store/runtime/list_runtimes.ts";
import { readServices } from "../../src/store/runtime/read_services.ts";
import { readTranscript } from "../../src/store/runtime/read_transcript.ts";
import { RuntimeStore } from "../../src/store/runtime/runtime_store.ts";
import {
  readConfigBundle,
  readEnvironmentFile,
  readRuntimeSnapshot,
} from "../../src/store/snapshot/snapshot.ts";
import { TempFolder } from "../fixtures/temp_folder.ts";
import { unixTest } from "../fixtures/unix_test.ts";
import { act, ANN, AuditHome } from "../audit/audit_home.ts";
import { expectError } from "./expect_error.ts";
import { sampleEvent, sampleService } from "./sample_records.ts";

/** What is tried in a home, and how its error begins: with the operation and the path. */
const OPERATIONS: readonly [
  begins: string,
  act: (home: TempFolder) => unknown,
][] = [
  ["Could not list the runtimes at HOME/runtimes: ", (home) => {
    home.write("runtimes", "");
    listRuntimes(home.path);
  }],
  ["Could not look for a runtime at HOME/runtimes/app", (home) => {
    home.write("runtimes", "");
    isStored(home.path, "app");
  }],
  ["Could not list the folder at HOME/file: ", (home) => listFolder(home.write("file", ""))],
  ["Could not list the leases on events at HOME/file: ", async (home) => {
    await liveLeases(home.write("file", ""));
  }],
  ["Could not look for temporary files at HOME/file: ", (home) => {
    removeTempFiles(home.write("file", ""));
  }],
  ["Could not read the services of a runtime at HOME/runtimes/app/services: ", (home) => {
    const paths = runtimePaths(home.path, "app");
    Deno.mkdirSync(paths.folder, { recursive: true });
    Deno.writeTextFileSync(paths.services, "");
    readServices(paths, "app");
  }],
  ["Could not read a transcript at HOME/runtimes/app/services/api/", async (home) => {
    const { transcript } = servicePaths(runtimePaths(home.path, "app"), "api");
    Deno.mkdirSync(transcript, { recursive: true });
    const service = { runtimeId: "app", serviceId: "api" };
    await readTranscript(home.path, service, { start: 0, limit: 1 });
  }],
  ["Could not read the environment of a service at HOME: ", ({ path }) => {
    readEnvironmentFile(path, "app");
  }],
  ["Could not remove a temporary file at HOME/.a.", (home) => {
    Deno.mkdirSync(home.join(`.a.${crypto.randomUUID()}.tmp/inside`), { recursive: true });
    removeTempFiles(home.path);
  }],
  ["Could not create the home at HOME/file/home: ", (home) => {
    home.write("file", "");
    ensureHome(home.join("file/home"));
  }],
  ["Could not open the home at HOME/file/home: ", (home) => {
    home.write("file", "");
    assertHomePermissions(home.join("file/home"));
  }],
  ["Could not read the snapshot of a runtime at HOME: ", ({ path }) => readRuntimeSnapshot(path)],
  ["Could not read the configuration of a launch at HOME: ", ({ path }) => {
    readConfigBundle(path, "app");
  }],
  ["Could not read the audit log at HOME/audit.jsonl: ", (home) => {
    Deno.mkdirSync(home.join("audit.jsonl"));
    readAudit(home.join("audit.jsonl"), { limit: 1 });
  }],
];

for (const [begins, operate] of OPERATIONS) {
  unixTest(`an error begins with "${begins}"`, async () => {
    using home = new TempFolder();
    let message = "";
    try {
      await operate(home);
    } catch (error) {
      ({ message } = error as HaleError);
    }
    assertStringIncludes(message, begins.replace("HOME", home.path));
    // The reason of the system and the remedy.
    assertMatch(message, /: .+\. [A-Z].+\.$/);
  });
}

unixTest(
  "checkRuntime() names what it could not check when a path is a loop, or the disk fails",
  async () => {
    using home = new TempFolder();
    const store = RuntimeStore.open(home.path, "app");
    store.appendEvent(sampleEvent("one"));
    await store.close();
    const { folder, events } = runtimePaths(home.path, "app");
    const { folder: service, launches } = store.paths("api");
    Deno.mkdirSync(service, { recursive: true });
    Deno.symlinkSync(launches, launches);
    const { openSync } = Deno;
    Deno.openSync = (path, options) => {
      if (path !== events) return openSync(path, options);
      throw Object.assign(new Error("Input/output error (os error 5)"), { code: "EIO" });
    };
    const { faults } = await checkRuntime(folder).finally(() => Deno.openSync = openSync);
    const messages = faults.map(({ message }) => message).join("\n");
    assertStringIncludes(messages, `Could not examine the folder at ${launches}: `);
    assertStringIncludes(messages, `Could not check the log at ${events}: `);
  },
);

unixTest("saveService() names the configuration that it could not keep", async () => {
  using home = new TempFolder();
  const problems: string[] = [];
  const store = RuntimeStore.open(home.path, "app", {
    onProblem: ({ message }) => problems.push(message),
  });
  const { configs } = store.paths("api");
  Deno.mkdirSync(configs, { recursive: true });
  for (let number = 0; number <= MAX_CONFIG_BUNDLES; number++) {
    Deno.mkdirSync(join(configs, `${number}.json/inside`), { recursive: true });
  }
  const launched = (digest: string) => {
    const service = sampleService("app", "api");
    return {
      ...service,
      config_digest: digest,
      launch: {
        id: "l1",
        at: "2026-01-01T00:00:00.000Z",
        identity: null,
        binary: "/bin/true",
        version: null,
        wanted_version: null,
        config_digest: digest,
        stdout_offset: 0,
        stderr_offset: 0,
      },
    };
  };
  store.saveService(launched("aa"));
  assertStringIncludes(problems.at(-1)!, `Could not remove old configurations at ${configs}: `);
  Deno.removeSync(configs, { recursive: true });
  const { durable } = store.saveService(launched("bb"));
  Deno.removeSync(configs, { recursive: true });
  Deno.writeTextFileSync(configs, "");
  const unsynced = await expectError(() => durable, "store_io");
  assertStringIncludes(
    unsynced.message,
    `Could not keep the configuration of service "api" at ${configs}/bb.json: `,
  );
  store.saveService(launched("cc"));
  assertStringIncludes(problems.at(-1)!, `Could not keep a configuration at ${configs}/cc.json: `);
  await expectError(() => store.close(), "store_io");
});

unixTest("AuditLog names the log that it could not append to or sync", async () => {
  using home = new AuditHome();
  await home.append("start");
  Deno.removeSync(home.log);
  Deno.mkdirSync(home.log);
  const problems: string[] = [];
  const log = new AuditLog({
    path: home.log,
    lockPath: home.lock,
    actor: ANN,
    onProblem: ({ message }) => problems.push(message),
  });
  log.add(act("exit"));
  const { message } = await expectError(() => log.flush(), "store_io");
  assertStringIncludes(message, `Could not append to the audit log at ${home.log}: `);
});
