/**
 * Finds circles of imports.
 *
 * @param imports The imports.
 * @returns Circles: paths that begin and end with the same file. Each group of files that import each
 * other yields at least one; when it is removed, another one may appear.
 */
export function findCircles(
  imports: readonly { readonly from: string; readonly to: string }[],
): string[][] {
  const importsOf = Map.groupBy(imports, ({ from }) => from);
  const circles: string[][] = [];
  const seen = new Set<string>();
  /** The path from a root to the current file. */
  const path: string[] = [];
  const visit = (file: string) => {
    const start = path.indexOf(file);
    if (start !== -1) circles.push([...path.slice(start), file]);
    if (seen.has(file)) return;
    seen.add(file);
    path.push(file);
    for (const { to } of importsOf.get(file) ?? []) visit(to);
    path.pop();
  };
  for (const file of importsOf.keys()) visit(file);
  return circles;
}
