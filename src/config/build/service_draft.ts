import type { KeyPath, Problems } from "../schema/problems.ts";
import type { ServiceTable } from "../schema/schema.ts";
import type { Target } from "../../model/target.ts";

/** A service whose table has its types, its preset and its defaults, but still its placeholders. */
export interface ServiceDraft {
  readonly name: string;
  /** `["services", NAME]`. */
  readonly path: KeyPath;
  /** Name of its preset, or null. */
  readonly preset: string | null;
  readonly table: ServiceTable;
  /** What the user wrote over what the preset says, with what was refused. */
  readonly written: Readonly<Record<string, unknown>>;
  /** The keys that the user wrote. */
  readonly userKeys: ReadonlySet<string>;
  /** Whether nothing was refused: only then does a missing key mean something. */
  readonly whole: boolean;
}

/** What all services of one file are read with. */
export interface LoadContext {
  /** Name of the configuration file, such as `hale.toml`. */
  readonly fileName: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly runtimeId: string;
  readonly env: Readonly<Record<string, string>>;
  readonly target: Target;
  /** Where hale keeps the data of a service that names no folder. */
  readonly dataDir: (runtimeId: string, service: string) => string;
  /** Whether launches can be held to limits here. */
  readonly supportsLimits: boolean;
  /** Whether programs can be told something by a signal here. */
  readonly supportsSignals: boolean;
  readonly problems: Problems;
}
