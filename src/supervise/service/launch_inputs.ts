/** What a launch needs besides the configuration. Null keeps the value of the previous launch. */
export interface LaunchInputs {
  /** Absolute path of the executable. */
  readonly binary: string | null;
  /** Version of the release that the executable is from; null if it is from no release. */
  readonly version: string | null;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>> | null;
}
