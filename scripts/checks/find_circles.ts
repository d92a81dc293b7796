/**
 * Finds circles of imports.
 *
 * @param imports Who imports what.
 * @returns Circles: paths that begin and end with the same file. There is one at least for all files
 * that import each other; with it removed, another one may come to light.
 */
export function findCircles(
  imports: readonly { readonly from: string; readonly to: string }[],
): string[][] {
  const importsOf = Map.groupBy(imports, ({ from }) => from);
  const circles: string[][] = [];
  const seen = new Set<string>();
  /** From a root to the file that is visited now. */
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
