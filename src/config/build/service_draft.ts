import type { KeyPath, Problems } from "../schema/problems.ts";
import type { ServiceTable } from "../schema/schema.ts";
import type { Target } from "../../model/target.ts";

/** A checked service with its preset and defaults, but with placeholders not yet filled in. */
export interface ServiceDraft {
  readonly name: string;
  /** `["services", NAME]`. */
  readonly path: KeyPath;
  /** Name of its preset, or null. */
  readonly preset: string | null;
  readonly table: ServiceTable;
  /** The user's table over the preset's, including invalid values. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The top-level keys that the user wrote. */
  readonly userKeys: ReadonlySet<string>;
  /** Whether all values were valid. If not, a missing key may be one that was removed. */
  readonly whole: boolean;
}

/** The context in which the services of one file are read. */
export interface LoadContext {
  /** Name of the configuration file, such as `hale.toml`. */
  readonly fileName: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly runtimeId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly target: Target;
  /** Returns the data folder of a service without `data_dir`. */
  readonly dataDir: (runtimeId: string, service: string) => string;
  /** Whether the platform supports limits of open files, niceness and umask. */
  readonly supportsLimits: boolean;
  /** Whether the platform supports a limit of memory. */
  readonly supportsMemoryLimit: boolean;
  /** Whether the platform supports signals. */
  readonly supportsSignals: boolean;
  readonly problems: Problems;
}
