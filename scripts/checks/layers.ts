/**
 * The layers of hale: a row for each folder that has sub-folders, with its entries from the bottom
 * up. An entry may import every entry before the `<` to its left. Entries without a `<` between
 * them are siblings and may not import each other. `*.ts` means all files of the folder that
 * the row does not name; `*` means all such sub-folders, as siblings.
 */
export const LAYERS = `
.                        deno.json < src < main.ts < scripts
src                      errors.ts < version.ts model text async < platform < files < home
                         < spawn < audit config health logs policy resolve store supervise
                         < app < library cli < mod.ts
src/app                  *.ts < project < governance < records < releases < supervisor < services
                         < upgrade < doctor
src/cli                  output manual interruption.ts < command.ts < args < render < completions < services
                         < commands < registry.ts < main.ts
src/cli/commands         *.ts < *
src/cli/commands/cache   *
src/cli/commands/config  *
src/config               presets < toml < schema < build < *.ts
src/health               types.ts < within_budget.ts connection_error.ts loopback.ts < checks < *.ts
src/logs                 layout < read < rotate
src/platform             types.ts < processes < *.ts
src/resolve              executable < download < archive < cache < release < install < search
src/store                jsonl < snapshot < events < runtime < repair
src/supervise            *.ts < exit < launch < service < runtime < api
`.trim();

/** Exceptions to the rows: the key may import types of these, but no values. */
export const TYPES_ONLY: Readonly<Record<string, string>> = {
  // The supervisor gets the features as arguments, so it needs only their types.
  "src/supervise": "health spawn store",
  // The library's public interface consists of errors, model, app and library.
  "src/mod.ts": "version.ts text async platform files home " +
    "audit config health logs policy resolve spawn store supervise cli",
};

/** A row: its groups of sibling entries, from the bottom up. */
type Row = readonly (readonly string[])[];

const ROWS = parseRows(LAYERS);

/**
 * Returns why a file may not import another one.
 *
 * @param from Path of the importing file, relative to the root of the repository, with slashes.
 * @param to Path of the imported file.
 * @param options `typeOnly`: whether it imports only types.
 * @returns Such as "src/model may not import src/store, which is above it"; null if it may.
 */
export function importRefusal(
  from: string,
  to: string,
  options: { readonly typeOnly: boolean },
): string | null {
  const importer = from.split("/");
  const imported = to.split("/");
  const depth = importer.findIndex((part, index) => part !== imported[index]);
  const row = ROWS.get(importer.slice(0, depth).join("/"));
  if (depth === -1 || row === undefined) return null;
  const subject = importer.slice(0, depth + 1).join("/");
  const object = imported.slice(0, depth + 1).join("/");
  if (TYPES_ONLY[subject]?.split(" ").includes(imported[depth]!)) {
    return options.typeOnly ? null : `${subject} may import only types of ${object}`;
  }
  const fromEntry = entryOf(row, importer.slice(depth));
  const toEntry = entryOf(row, imported.slice(depth));
  const rule = `${subject} may not import ${object}, which is`;
  if (fromEntry === null || toEntry === null) {
    // Within src, placeRefusal() reports the one that has no entry.
    return depth === 0 ? `${rule} not in LAYERS` : null;
  }
  if (fromEntry === "*.ts" && toEntry === "*.ts") return null;
  const height = heightOf(row, toEntry) - heightOf(row, fromEntry);
  return height < 0 ? null : `${rule} ${height === 0 ? "beside" : "above"} it`;
}

/**
 * Returns why a file may not be in its folder: each folder of `src` with sub-folders needs a row.
 *
 * @param file Path relative to the root of the repository, with slashes.
 * @returns The entry that is missing in the table; null if there is none.
 */
export function placeRefusal(file: string): string | null {
  const parts = file.split("/");
  if (parts[0] !== "src") return null;
  for (let depth = 1; depth < parts.length; depth++) {
    const folder = parts.slice(0, depth).join("/");
    const row = ROWS.get(folder);
    const isMissing = row === undefined
      ? depth < parts.length - 1
      : entryOf(row, parts.slice(depth)) === null;
    if (!isMissing) continue;
    const add = row === undefined
      ? `a row for ${folder}`
      : `${parts[depth]} to the row of ${folder}`;
    return `${folder}/${parts[depth]} is not in LAYERS: add ${add} in scripts/checks/layers.ts`;
  }
  return null;
}

/** @returns The entry for a path below the folder of the row; null if there is none. */
function entryOf(row: Row, path: readonly string[]): string | null {
  const [name] = path;
  const pattern = path.length > 1 ? "*" : "*.ts";
  return [name!, pattern].find((entry) => heightOf(row, entry) !== -1) ?? null;
}

function heightOf(row: Row, entry: string): number {
  return row.findIndex((entries) => entries.includes(entry));
}

function parseRows(table: string): ReadonlyMap<string, Row> {
  // A line that begins with a space continues the row above it.
  const rows = table.replaceAll(/\n\s+/g, " ").split("\n");
  return new Map(rows.map((line) => {
    const [, folder, entries] = /^(\S+)\s+(.+)$/.exec(line)!;
    const row = entries!.split("<").map((group) => group.trim().split(/\s+/));
    return [folder === "." ? "" : folder!, row];
  }));
}
