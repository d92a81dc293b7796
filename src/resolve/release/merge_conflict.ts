/** The two versions of a file that version control could not merge. */
export interface ConflictSides {
  readonly ours: string;
  readonly theirs: string;
}

type Part = "both" | "ours" | "base" | "theirs";

/** Marker at the start of a line, and the part that begins after it. */
const MARKERS: readonly (readonly [marker: string, from: readonly Part[], to: Part])[] = [
  ["<<<<<<<", ["both"], "ours"],
  ["|||||||", ["ours"], "base"],
  ["=======", ["ours", "base"], "theirs"],
  [">>>>>>>", ["theirs"], "both"],
];

/**
 * Takes a file with conflict markers apart, as Git and others write them.
 *
 * @param text Contents of the file.
 * @returns Both sides, each a whole file; null if it has no markers, or not all that belong together.
 *
 * @example
 * ```ts
 * import { conflictSides } from "./merge_conflict.ts";
 * const text = "a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> topic\n";
 * console.log(conflictSides(text)); // { ours: "a\nb\n", theirs: "a\nc\n" }
 * ```
 */
export function conflictSides(text: string): ConflictSides | null {
  const ours: string[] = [];
  const theirs: string[] = [];
  let part: Part = "both";
  let conflicts = 0;
  for (const line of text.split("\n")) {
    const marker = MARKERS.find(([marker]) => isMarker(line, marker));
    if (marker !== undefined) {
      const [, from, to] = marker;
      if (!from.includes(part)) return null;
      if (to === "both") conflicts++;
      part = to;
      continue;
    }
    if (part === "both" || part === "ours") ours.push(line);
    if (part === "both" || part === "theirs") theirs.push(line);
  }
  if (part !== "both" || conflicts === 0) return null;
  return { ours: ours.join("\n"), theirs: theirs.join("\n") };
}

function isMarker(line: string, marker: string): boolean {
  const rest = line.startsWith(marker) ? line.slice(marker.length) : null;
  return rest !== null && (rest === "" || rest.startsWith(" ") || rest === "\r");
}
