/** A file name, empty if there is none, and its SHA-256. */
export type ChecksumEntry = readonly [name: string, sha256: string];

/** Deeper values are not looked at: no list is nested like this. */
const MAX_DEPTH = 16;

/** Keys that name a file, in the order in which they are preferred. */
const NAMES = ["name", "filename", "file", "asset", "path", "url", "browser_download_url"];

/**
 * Finds the SHA-256 checksums in JSON: an object with `sha256`, or with a `digest` of the form
 * `sha256:HASH`, whose file is named by one of its own keys or by the key that holds it; and pairs of a
 * file name and a checksum.
 *
 * @param text Contents of a checksum file.
 * @returns The entries; null if the text is not JSON.
 */
export function checksumsInJson(text: string): readonly ChecksumEntry[] | null {
  const start = text.trimStart()[0];
  if (start !== "{" && start !== "[") return null;
  let value: unknown;
  try {
    value = JSON.parse(text.trim());
  } catch {
    return null;
  }
  const entries: ChecksumEntry[] = [];
  collect(value, { key: "", depth: 0, entries });
  return entries;
}

function collect(
  value: unknown,
  { key, depth, entries }: { key: string; depth: number; entries: ChecksumEntry[] },
): void {
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return;
  const own = Array.isArray(value) ? {} : value as Record<string, unknown>;
  const sha256 = hashOf(own.sha256) ?? digestOf(own.digest);
  if (sha256 !== null) entries.push([nameIn(own) ?? key, sha256]);
  for (const [name, member] of Object.entries(value)) {
    if (name === "sha256" || name === "digest") continue;
    const hash = Array.isArray(value) ? null : hashOf(member);
    if (hash !== null) entries.push([name, hash]);
    // The index of an array is no name.
    else collect(member, { key: Array.isArray(value) ? "" : name, depth: depth + 1, entries });
  }
}

function nameIn(object: Record<string, unknown>): string | null {
  for (const key of NAMES) {
    const name = object[key];
    if (typeof name !== "string" || name === "") continue;
    const url = key.includes("url") ? URL.parse(name) : null;
    return url === null ? name : url.pathname.slice(url.pathname.lastIndexOf("/") + 1);
  }
  return null;
}

function hashOf(value: unknown): string | null {
  const isHash = typeof value === "string" && /^[0-9a-f]{64}$/i.test(value);
  return isHash ? value.toLowerCase() : null;
}

function digestOf(value: unknown): string | null {
  return typeof value === "string" && value.startsWith("sha256:") ? hashOf(value.slice(7)) : null;
}
