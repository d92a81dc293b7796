import type { Target } from "../../model/target.ts";

/**
 * The file name, or path, of an executable on a target.
 *
 * @param name Such as `rivet-engine`.
 * @param target The machine it runs on, which need not be this one.
 * @returns The name, with `.exe` for Windows.
 */
export function executableName(name: string, target: Target): string {
  return target.os === "windows" && !/\.exe$/i.test(name) ? `${name}.exe` : name;
}
