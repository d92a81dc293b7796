import { fromFileUrl, join, relative, toFileUrl } from "@std/path";

/** An import or re-export of a file by another file. */
export interface Import {
  /** Path of the importing file, relative to the root, with slashes. */
  readonly from: string;
  /** Path of the imported file. */
  readonly to: string;
  /** The specifier in the source. */
  readonly specifier: string;
  /** The line of the specifier, from 1. */
  readonly line: number;
  /** Whether it imports only types. */
  readonly typeOnly: boolean;
}

/** A module in the output of `deno info --json`. */
interface Module {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: Resolution;
    readonly type?: Resolution;
  }[];
}

/** The target of a specifier and its position. */
interface Resolution {
  /** Absent if it cannot be resolved; `deno check` reports that. */
  readonly specifier?: string;
  readonly span: { readonly start: { readonly line: number } };
}

/**
 * Finds the imports between files: `import`, `export ... from`, `import()` of a literal, and
 * `import("...")` in types. Packages and built-in modules are omitted. Of several imports of the
 * same file, the first as a value and the first as a type are listed.
 *
 * @param root Absolute path of the folder with `deno.json`.
 * @param files Paths of the files, relative to the root, with slashes.
 * @returns The imports, by file in the order given, then by line.
 * @throws {Error} If a file does not parse.
 */
export async function readImports(root: string, files: readonly string[]): Promise<Import[]> {
  const urls = files.map((file) => toFileUrl(join(root, file)).href);
  const modules = await readModules(root, urls);
  return urls.flatMap((url, index) => {
    const from = files[index]!;
    const { dependencies = [], error } = modules.get(url)!;
    if (error !== undefined) throw new Error(`${from}: ${error}`);
    return dependencies
      .flatMap(({ specifier, code, type }) => [
        { specifier, resolution: code, typeOnly: false },
        { specifier, resolution: type, typeOnly: true },
      ])
      .flatMap(({ specifier, resolution, typeOnly }) => {
        if (!resolution?.specifier?.startsWith("file:")) return [];
        const to = relative(root, fromFileUrl(resolution.specifier)).replaceAll("\\", "/");
        return [{ from, to, specifier, line: resolution.span.start.line + 1, typeOnly }];
      })
      .sort((a, b) => a.line - b.line);
  });
}

/** Runs `deno info` once, on a temporary file that imports all files: it accepts only one. */
async function readModules(
  root: string,
  urls: readonly string[],
): Promise<ReadonlyMap<string, Module>> {
  const entry = await Deno.makeTempFile({ prefix: "hale-imports-", suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, urls.map((url) => `import ${JSON.stringify(url)};\n`).join(""));
    const config = ["--config", join(root, "deno.json"), "--no-lock", "--no-npm", "--no-remote"];
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", ...config, entry],
    }).output();
    const text = new TextDecoder();
    if (code !== 0) throw new Error(`deno info failed: ${text.decode(stderr)}`);
    const { modules }: { modules: readonly Module[] } = JSON.parse(text.decode(stdout));
    return new Map(modules.map((module) => [module.specifier, module]));
  } finally {
    await Deno.remove(entry);
  }
}
