import type { TargetOs } from "../../model/target.ts";

/** Device names that Windows takes for itself, with any ending. */
const RESERVED = /^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)/i;

/**
 * A name in an archive as a path below the folder that it is unpacked in.
 *
 * @param name The name as the archive writes it.
 * @param os The system that it is unpacked for: Windows gives some names a meaning of its own.
 * @returns The path, with `/` between its parts; empty for the folder itself. Null where the name
 * could lead out of the folder or is no name of a file.
 *
 * @example
 * ```ts
 * import { memberPath } from "./member_path.ts";
 * console.log(memberPath("./tool//bin/tool", "linux"), memberPath("a/../../b", "linux")); // tool/bin/tool null
 * ```
 */
export function memberPath(name: string, os: TargetOs): string | null {
  // A backslash and a drive are harmless on one system and lead out on another. No release needs them.
  if (/[\\\p{Cc}]/u.test(name) || name.startsWith("/") || /^[a-z]:/i.test(name)) return null;
  const parts = name.split("/").filter((part) => part !== "" && part !== ".");
  const isPlain = (part: string) =>
    part !== ".." && (os !== "windows" || !/[<>:"|?*]|[. ]$/.test(part) && !RESERVED.test(part));
  return parts.every(isPlain) ? parts.join("/") : null;
}
