import { parse } from "smol-toml";
import * as v from "valibot";

const Texts = v.optional(v.array(v.string()), []);

const Pattern = v.pipe(v.string(), v.transform((source) => new RegExp(source, "m")));

const Description = v.strictObject({
  /** Programs that must be on PATH. */
  needs: Texts,
  /** Packages of npm that are installed into the folder of the trial, with their versions. */
  npm: Texts,
  /** Folders below `/` that are added to PATH; `*` matches any name. */
  paths: Texts,
  /** Whether only root can run it, because it changes its user. */
  as_root: v.optional(v.boolean(), false),
  /** Shell line that prints the version. */
  version: v.nullish(v.string(), null),
  /** How many ports it needs: `PORT`, `PORT2` and so on. */
  ports: v.optional(v.number(), 1),
  /** Where the ports are, counted from the first, if the program chooses the others itself. */
  port_offsets: v.optional(v.array(v.number())),
  /** Whether it comes from a releases endpoint, which the trial then serves on loopback. */
  mirror: v.optional(v.boolean(), false),
  /** The service that is tried; others of the `hale.toml` only help it. */
  service: v.string(),
  /** Files that are written before `prepare`, by their path. */
  files: v.optional(v.record(v.string(), v.string()), {}),
  /** Bash script that makes what the program needs before its first start. */
  prepare: v.nullish(v.string(), null),
  /** Bash script that ends with 0 if the program does its work. It does not use hale. */
  probe: v.nullish(v.string(), null),
  /** What its own log says after a clean end; absent if it says nothing. */
  clean_stop: v.nullish(Pattern, null),
  /** Log files beside standard output and standard error. */
  logs: Texts,
  /** Command line of the children that are killed; absent: any child. */
  child: v.nullish(Pattern, null),
  /** Whether it puts itself into the background, so that hale has to refuse it with advice. */
  daemonizes: v.optional(v.boolean(), false),
  /** The `hale.toml`. */
  hale: v.string(),
});

/** A program of the catalogue: how it is run, asked and understood. */
export interface Program extends Readonly<v.InferOutput<typeof Description>> {
  /** Name of its file, without the ending. */
  readonly name: string;
}

/**
 * Reads a file of the catalogue.
 *
 * @param name Name of the program.
 * @param text The TOML text.
 * @returns The program.
 * @throws If the text is not TOML, or a key is missing, unknown or of the wrong type.
 */
export function parseProgram(name: string, text: string): Program {
  const result = v.safeParse(Description, parse(text));
  if (result.success) return { name, ...result.output };
  const [issue] = result.issues;
  throw new Error(`${name}.toml: ${v.getDotPath(issue) ?? ""}: ${issue.message}`);
}

/**
 * Reads the catalogue.
 *
 * @param folder Its folder, as a URL that ends with a slash.
 * @returns All programs, by name.
 */
export async function readCatalogue(folder: URL): Promise<Program[]> {
  const files = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  const programs = files.filter((file) => file.endsWith(".toml")).sort().map(async (file) =>
    parseProgram(file.slice(0, -".toml".length), await Deno.readTextFile(new URL(file, folder)))
  );
  return await Promise.all(programs);
}
