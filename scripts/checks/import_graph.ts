import { fromFileUrl, join, relative, toFileUrl } from "@std/path";

/** One import or re-export of a file by another one. */
export interface Import {
  /** Path of the file that imports, from the root, with slashes. */
  readonly from: string;
  /** Path of the file that it imports. */
  readonly to: string;
  /** As written. */
  readonly specifier: string;
  /** The line of the specifier, from 1. */
  readonly line: number;
  /** Whether nothing of it is left when types are erased. */
  readonly typeOnly: boolean;
}

/** What `deno info --json` says of a module. */
interface Module {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: Resolution;
    readonly type?: Resolution;
  }[];
}

/** What a specifier resolves to, and where it is written. */
interface Resolution {
  /** Absent where it cannot be resolved, which is for `deno check` to report. */
  readonly specifier?: string;
  readonly span: { readonly start: { readonly line: number } };
}

/**
 * Finds what files import of each other: `import`, `export ... from`, `import()` of a literal, and
 * `import("...")` in types. Packages and built-in modules are left out. Of several imports of the
 * same file, the first as a value and the first as a type are listed.
 *
 * @param root The folder of `deno.json`, absolute.
 * @param files Paths of the files from there, with slashes.
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

/** Runs `deno info` once. It takes one file, so that is one that imports all others. */
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
