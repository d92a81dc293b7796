import { hostTarget } from "../../src/platform/mod.ts";
import type { Need } from "./scenario.ts";

/** Variable of a process that runs one scenario. Its value is the name of that. */
export const INSIDE = "HALE_FAULT_INSIDE";

/**
 * Returns why a scenario cannot be run on this machine or by this user.
 *
 * @param needs What it needs.
 * @returns The reason, for the table; null if it can be run.
 */
export function missingNeed(needs: readonly Need[]): string | null {
  for (const need of needs) {
    const reason = REASONS[need]();
    if (reason !== null) return reason;
  }
  return null;
}

const isLinux = hostTarget().os === "linux";

const REASONS: Readonly<Record<Need, () => string | null>> = {
  linux: () => isLinux ? null : "needs Linux (/proc)",
  root: () => isLinux && Deno.uid() === 0 ? null : "needs root on Linux",
  mount: () =>
    works("unshare", ...UNSHARE.mount, "true") ? null : "needs a private mount namespace",
  pids: () => works("unshare", ...UNSHARE.pids, "true") ? null : "needs a private pid namespace",
  cc: () => works("cc", "--version") ? null : "needs a C compiler",
};

/** Arguments of unshare(1) for a program in private namespaces. */
export const UNSHARE = {
  mount: ["--mount", "--propagation", "private"],
  pids: ["--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"],
} as const;

function works(program: string, ...args: string[]): boolean {
  try {
    const options = { args, stdin: "null", stdout: "null", stderr: "null" } as const;
    return new Deno.Command(program, options).outputSync().success;
  } catch {
    return false;
  }
}
