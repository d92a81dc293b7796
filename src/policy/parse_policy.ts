/**
 * Parsing of `policy.toml`.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { type DenyRule, openPolicy, type Policy, type PolicyProblem } from "./policy.ts";
import { parseReleaseRule, RELEASE_RULE_FORMS, type ReleaseRule } from "./release_rule.ts";

/** A TOML document with the lines of its keys. */
export interface PolicyDocument {
  readonly value: Record<string, unknown>;
  /** Returns the line of a key, from 1; null if it is not known. */
  lineOf(path: readonly (string | number)[]): number | null;
}

/**
 * Parses TOML. An error that it throws may have a `line` and a `column`, both from 1.
 *
 * It is passed as an argument because the parser that refuses duplicate keys and knows the line of
 * each key belongs to `src/config`, which `src/policy` does not import.
 */
export type ParseToml = (text: string) => PolicyDocument;

/**
 * Parses a policy. It never throws: an invalid policy denies everything.
 *
 * @param text The content of the file.
 * @param options `path`: path of the file, for messages. `parseToml`: the TOML parser.
 * @returns The policy.
 */
export function parsePolicy(
  text: string,
  { path, parseToml }: { readonly path: string; readonly parseToml: ParseToml },
): Policy {
  let document;
  try {
    document = parseToml(text);
  } catch (error) {
    const { line = null, column = null } = error as { line?: number; column?: number };
    return brokenPolicy(path, [{ line, column, key: "", message: messageOf(error) }]);
  }
  const reader = new Reader(document);
  const policy = reader.read(path);
  return reader.problems.length === 0 ? policy : brokenPolicy(path, reader.problems);
}

/**
 * Returns a policy that denies everything, because it is not known what an invalid file should
 * allow.
 *
 * @param path Path of the file.
 * @param problems The problems of the file.
 * @returns The policy.
 */
export function brokenPolicy(path: string, problems: readonly PolicyProblem[]): Policy {
  return { ...openPolicy(path), problems };
}

type Table = Readonly<Record<string, unknown>>;

/** `servers` is an alias of `services`, because similar tools use that name. */
const TABLES = ["services", "servers", "releases"];

class Reader {
  readonly problems: PolicyProblem[] = [];
  readonly #document: PolicyDocument;

  constructor(document: PolicyDocument) {
    this.#document = document;
  }

  read(path: string): Policy {
    const root = this.#document.value;
    this.#refuseOthers(root, [], TABLES);
    const [services, servers] = [this.#table(root, "services"), this.#table(root, "servers")];
    const releases = this.#table(root, "releases");
    this.#refuseOthers(services, ["services"], ["deny"]);
    this.#refuseOthers(servers, ["servers"], ["deny"]);
    this.#refuseOthers(releases, ["releases"], ["allow", "require_checksum"]);
    return {
      ...openPolicy(path),
      deny: [...this.#deny("services", services), ...this.#deny("servers", servers)],
      allowedReleases: this.#allow(releases),
      requireChecksum: this.#requireChecksum(releases),
    };
  }

  #deny(name: string, table: Table): DenyRule[] {
    return this.#entries(table, name, "deny").map(({ entry, line }) => {
      if (entry.trim() === "") {
        this.#add([name, "deny"], 'an entry is empty; write "*" to deny all services', line);
      } else if (entry.includes("*") && entry.trim() !== "*") {
        this.#add(
          [name, "deny"],
          `"${entry}" is not a name: "*" denies all services and cannot be part of a name`,
          line,
        );
      }
      return { entry: entry.trim(), key: `${name}.deny`, line };
    });
  }

  #allow(table: Table): ReleaseRule[] | null {
    if (table.allow === undefined) return null;
    return this.#entries(table, "releases", "allow").flatMap(({ entry, line }) => {
      const rule = parseReleaseRule(entry);
      if (rule !== null) return [rule];
      this.#add(
        ["releases", "allow"],
        `"${entry}" is invalid: expected ${RELEASE_RULE_FORMS}`,
        line,
      );
      return [];
    });
  }

  #requireChecksum({ require_checksum: value = false }: Table): boolean {
    if (typeof value === "boolean") return value;
    this.#add(["releases", "require_checksum"], "expected true or false");
    return true;
  }

  #entries(
    table: Table,
    name: string,
    key: string,
  ): { readonly entry: string; readonly line: number | null }[] {
    const value = table[key] ?? [];
    if (!Array.isArray(value)) {
      this.#add([name, key], 'expected a list of strings, such as ["name"]');
      return [];
    }
    return value.flatMap((entry, index) => {
      const line = this.#document.lineOf([name, key, index]);
      if (typeof entry === "string") return [{ entry, line }];
      this.#add([name, key], "expected a string in quotes for every entry of the list", line);
      return [];
    });
  }

  #table(root: Table, name: string): Table {
    const value = root[name] ?? {};
    if (typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)) {
      return value as Table;
    }
    this.#add([name], `expected a table, such as [${name}]`);
    return {};
  }

  #refuseOthers(table: Table, path: readonly string[], known: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (!known.includes(key)) {
        this.#add(
          [...path, key],
          `unknown key; expected ${known.length === 1 ? "" : "one of "}${known.join(", ")}`,
        );
      }
    }
  }

  #add(path: readonly string[], message: string, line = this.#document.lineOf(path)): void {
    this.problems.push({ line, column: null, key: path.join("."), message });
  }
}
