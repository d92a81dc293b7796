/** A process, for people. */
export interface NamedProcess {
  /** Its pid. */
  readonly pid: number;
  /** Its name. */
  readonly command: string;
}

/**
 * Why a process could not be ended. `not_permitted`: the system does not let this user signal it (EPERM).
 * `survived_kill`: it is still running after SIGKILL.
 */
export type SurvivalReason = "not_permitted" | "survived_kill";

/** A process that could not be ended. */
export interface Survivor extends NamedProcess {
  /** Why; absent in answers of older supervisors. */
  readonly why?: SurvivalReason;
}
