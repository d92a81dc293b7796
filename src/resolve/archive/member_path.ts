import type { TargetOs } from "../../model/target.ts";

/** Device names that Windows reserves, with any extension. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * Converts the name of an archive entry to a path below the folder in which it is unpacked.
 *
 * @param name The name in the archive.
 * @param os The system that it is unpacked for: Windows reserves some names.
 * @returns The path, separated by `/`; empty for the folder itself. Null if the name could lead out
 * of the folder or is not a valid file name.
 *
 * @example
 * ```ts
 * import { memberPath } from "./member_path.ts";
 * console.log(memberPath("./tool//bin/tool", "linux"), memberPath("a/../../b", "linux")); // tool/bin/tool null
 * ```
 */
export function memberPath(name: string, os: TargetOs): string | null {
  // Backslashes and drive letters lead out of the folder on Windows. No release needs them.
  if (/[\\\p{Cc}]/u.test(name) || name.startsWith("/") || /^[a-z]:/i.test(name)) return null;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isPlain = (part: string) =>
    part !== ".." && (os !== "windows" || !/[<>:"|?*]|[. ]$/.test(part) && !RESERVED.test(part));
  return parts.every(isPlain) ? parts.join("/") : null;
}
