import type { Target } from "../../model/target.ts";

/**
 * Returns the file name, or path, of an executable on a target.
 *
 * @param name The name without extension, such as `rivet-engine`.
 * @param target The target, which may differ from this machine.
 * @returns The name, with `.exe` for Windows.
 */
export function executableName(name: string, target: Target): string {
  return target.os === "windows" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
}
