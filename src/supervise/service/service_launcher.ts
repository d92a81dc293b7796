import { HaleError } from "../../errors.ts";
import type { LaunchRecord, ProcessIdentity } from "../../model/service_state.ts";
import { ActiveLaunch } from "../launch/active_launch.ts";
import type { LaunchContext } from "../launch/launch_context.ts";
import type { ServiceContext } from "./service_context.ts";
import type { ServiceRecord } from "./service_record.ts";

/** Starts and adopts the launches of one service. */
export class ServiceLauncher {
  readonly #record: ServiceRecord;
  readonly #context: Pick<ServiceContext, "effects" | "records">;
  #env: Readonly<Record<string, string>> | null = null;

  /**
   * @param record The record of the service.
   * @param context Effects and records.
   */
  constructor(record: ServiceRecord, context: Pick<ServiceContext, "effects" | "records">) {
    this.#record = record;
    this.#context = context;
  }

  /** Saves the environment for the next launches. */
  saveEnvironment(env: Readonly<Record<string, string>>): void {
    this.#env = env;
    this.#context.records.saveEnvironment(this.#record.name, env);
  }

  /**
   * Starts a launch with the current configuration.
   *
   * @throws {HaleError} `binary_not_found` If the service has no executable yet.
   * @throws {HaleError} `spawn_failed` If the process could not be started.
   */
  start(): ActiveLaunch {
    const { binary, binary_version: version, config_digest } = this.#record.snapshot;
    if (binary === null) {
      const { name } = this.#record;
      throw new HaleError(
        "binary_not_found",
        `${name} has no executable yet. Run \`hale up ${name}\`.`,
      );
    }
    return ActiveLaunch.start(this.#launchContext(), {
      binary,
      version,
      configDigest: config_digest,
      recordIntent: (launch) => this.#record.recordIntent(launch),
    });
  }

  /**
   * Adopts a launch of an earlier supervisor.
   *
   * @param launch Its record.
   * @param identity Its process, proven to be running.
   */
  adopt(launch: LaunchRecord, identity: ProcessIdentity): ActiveLaunch {
    return ActiveLaunch.adopt(this.#launchContext(), launch, identity);
  }

  #launchContext(): LaunchContext {
    const { records, effects } = this.#context;
    const record = this.#record;
    this.#env ??= records.readEnvironment(record.name);
    return {
      spec: record.snapshot.spec,
      env: this.#env,
      effects,
      paths: records.paths(record.name),
      onKilled: (launch, outlived) => record.audit.killed(launch, outlived),
      onLeftovers: (leftovers) => record.stops.leftBehind(leftovers),
      onSurvivors: (survivors) => record.stops.survived(survivors),
      onProblem: (error) => records.problem(error),
    };
  }
}
