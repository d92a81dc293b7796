import type { NamedProcess, SurvivalReason, Survivor } from "../../model/survivor.ts";

const WHY: Readonly<Record<SurvivalReason, string>> = {
  not_permitted: "not permitted (EPERM)",
  survived_kill: "still running after SIGKILL",
};

/** Returns processes in words, such as `sleep (pid 812), nginx (pid 813)`. */
export function nameProcesses(processes: readonly NamedProcess[]): string {
  return processes.map(({ pid, command }) => `${command} (pid ${pid})`).join(", ");
}

/** Returns processes and why they could not be ended: `sleep (pid 812), not permitted (EPERM)`. */
export function nameSurvivors(survivors: readonly Survivor[]): string {
  return survivors.map((survivor) =>
    nameProcesses([survivor]) + (survivor.why === undefined ? "" : `, ${WHY[survivor.why]}`)
  ).join("; ");
}

/** Returns what to do about processes that could not be ended. */
export function survivorAdvice(survivors: readonly Survivor[]): string {
  const kill = `kill -9 ${survivors.map(({ pid }) => pid).join(" ")}`;
  return survivors.some(({ why }) => why === "not_permitted")
    ? `End them as their own user or as root: \`${kill}\`.`
    : "They end when the system lets them go, or with a reboot.";
}
