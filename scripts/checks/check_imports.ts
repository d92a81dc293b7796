/**
 * Checks that imports point only to lower layers, and that no files import each other in a circle.
 *
 * Prints each violation with its file and line, and exits with status 1 if there is one.
 *
 * @module
 */

import { fromFileUrl } from "@std/path";
import { findCircles } from "./find_circles.ts";
import { readImports } from "./import_graph.ts";
import { importRefusal, placeRefusal } from "./layers.ts";
import { repoFiles } from "./repo_files.ts";
import { reportViolations, type Violation } from "./violation.ts";

/**
 * Checks `main.ts`, `src/` and `scripts/`.
 *
 * @param root Absolute path of the folder with `deno.json`.
 * @returns The imports that {@linkcode LAYERS} forbids, and the circles.
 */
export async function checkImports(root: string): Promise<Violation[]> {
  const files = (await repoFiles(root)).filter((file) =>
    /^(main\.ts$|(src|scripts)\/)/.test(file) && !file.endsWith(".d.ts")
  );
  const imports = await readImports(root, files.filter((file) => file.endsWith(".ts")));
  const misplaced = files.flatMap((file) => {
    const message = placeRefusal(file);
    return message === null ? [] : [{ file, line: 1, message }];
  });
  const upward = imports.flatMap(({ from, to, specifier, line, typeOnly }) => {
    const refusal = importRefusal(from, to, { typeOnly });
    return refusal === null ? [] : [{ file: from, line, message: `${refusal}: ${specifier}` }];
  });
  const circles = findCircles(imports).map((circle) => {
    const [file, next] = circle;
    const { line } = imports.find(({ from, to }) => from === file && to === next)!;
    return { file: file!, line, message: `circle of imports: ${circle.join(" -> ")}` };
  });
  return [...misplaced, ...upward, ...circles];
}

if (import.meta.main) {
  reportViolations(await checkImports(fromFileUrl(new URL("../..", import.meta.url))));
}
