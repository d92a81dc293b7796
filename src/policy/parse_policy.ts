/**
 * Reading the text of a `policy.toml`.
 *
 * @module
 */

import { messageOf } from "../errors.ts";
import { type DenyRule, openPolicy, type Policy, type PolicyProblem } from "./policy.ts";
import { parseReleaseRule, RELEASE_RULE_FORMS, type ReleaseRule } from "./release_rule.ts";

/** A TOML document, and where its keys stand. */
export interface PolicyDocument {
  readonly value: Record<string, unknown>;
  /** The line of a key, from 1; null where it is not known. */
  lineOf(path: readonly (string | number)[]): number | null;
}

/**
 * Reads TOML. What it throws may have a `line` and a `column`, from 1.
 *
 * It is handed in: the reader that refuses a key that is set twice, and knows on which line each
 * stands, is the one that reads `hale.toml`.
 */
export type ParseToml = (text: string) => PolicyDocument;

/**
 * Reads a policy. It never throws: a policy with mistakes is one that denies everything.
 *
 * @param text The text of the file.
 * @param options `path`: the file, for messages. `parseToml`: the reader of TOML.
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
 * A policy that denies everything, because nobody can tell what it was meant to allow.
 *
 * @param path The file.
 * @param problems What is wrong with it.
 * @returns The policy.
 */
export function brokenPolicy(path: string, problems: readonly PolicyProblem[]): Policy {
  return { ...openPolicy(path), problems };
}

type Table = Readonly<Record<string, unknown>>;

/** `servers` is the same word in other tools of this kind. */
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
      if (entry.trim() === "") this.#add([name, "deny"], 'an entry is empty; "*" denies all', line);
      else if (entry.includes("*") && entry.trim() !== "*") {
        this.#add([name, "deny"], `"${entry}" is no name: "*" stands for all, and alone`, line);
      }
      return { entry: entry.trim(), key: `${name}.deny`, line };
    });
  }

  #allow(table: Table): ReleaseRule[] | null {
    if (table.allow === undefined) return null;
    return this.#entries(table, "releases", "allow").flatMap(({ entry, line }) => {
      const rule = parseReleaseRule(entry);
      if (rule !== null) return [rule];
      this.#add(["releases", "allow"], `"${entry}" is not ${RELEASE_RULE_FORMS}`, line);
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
      this.#add([name, key], 'expected a list of texts, such as ["name"]');
      return [];
    }
    return value.flatMap((entry, index) => {
      const line = this.#document.lineOf([name, key, index]);
      if (typeof entry === "string") return [{ entry, line }];
      this.#add([name, key], "expected texts in the list", line);
      return [];
    });
  }

  #table(root: Table, name: string): Table {
    const value = root[name] ?? {};
    if (typeof value === "object" && !Array.isArray(value) && !(value instanceof Date)) {
      return value as Table;
    }
    this.#add([name], "expected a table");
    return {};
  }

  #refuseOthers(table: Table, path: readonly string[], known: readonly string[]): void {
    for (const key of Object.keys(table)) {
      if (!known.includes(key)) {
        this.#add([...path, key], `there is no such key; known: ${known.join(", ")}`);
      }
    }
  }

  #add(path: readonly string[], message: string, line = this.#document.lineOf(path)): void {
    this.problems.push({ line, column: null, key: path.join("."), message });
  }
}
