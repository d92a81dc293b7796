/**
 * The fields that `json.md` documents, and how an output differs from them.
 *
 * @module
 */

/** One row of a table of fields. */
export interface DocumentedField {
  /** Such as `survivors[].pid`. */
  readonly path: string;
  /** Such as `text or null`. */
  readonly type: string;
  /** Whether the text says that it may be absent. */
  readonly mayBeAbsent: boolean;
}

/** Finds the fields below each heading of a Markdown text. */
export function documentedFields(markdown: string): Map<string, readonly DocumentedField[]> {
  const sections = markdown.split(/^#{2,} /m).slice(1);
  return new Map(sections.map((section) => {
    const [heading, ...lines] = section.split("\n") as [string, ...string[]];
    const start = lines.findIndex((line) => /^\| field /.test(line));
    const rows = start === -1 ? [] : lines.slice(start + 2);
    const end = rows.findIndex((line) => !line.startsWith("|"));
    return [heading, (end === -1 ? rows : rows.slice(0, end)).map(fieldOf)];
  }));
}

function fieldOf(row: string): DocumentedField {
  const [, path, type, meaning] = /^\| `([^`]+)`\s*\| (.*?)\s*\| (.*?)\s*\|$/.exec(row) ?? [];
  if (path === undefined) throw new Error(`This row has no field, type and meaning: ${row}`);
  return { path, type: type!, mayBeAbsent: meaning!.includes("absent") };
}

/** Collects in what outputs differ from their documentation, and which fields they have. */
export class FieldCheck {
  /** What is wrong, each with the name of the output. */
  readonly differences = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #documented = new Set<string>();

  /** Compares an output, or each item of it, with the fields that are documented for it. */
  compare(name: string, output: unknown, fields: readonly DocumentedField[]): void {
    for (const { path } of fields) this.#documented.add(`${name}: ${path}`);
    const byPath = new Map(fields.map((field) => [field.path, field]));
    const visit = (value: unknown, path: string) => {
      const field = byPath.get(path);
      if (field !== undefined) {
        this.#seen.add(`${name}: ${path}`);
        if (!hasType(value, field.type)) {
          this.differences.add(`${name}: ${path} is ${JSON.stringify(value)}, not ${field.type}`);
        }
      }
      // What is in the facts of an error depends on its code.
      if (path.endsWith("fields")) return;
      if (Array.isArray(value)) {
        const isOfObjects = value.some((item) => typeof item === "object");
        if (isOfObjects) { for (const item of value) visit(item, `${path}[]`); }
        else if (field === undefined) this.differences.add(`${name}: ${path} is not documented`);
      } else if (typeof value === "object" && value !== null) {
        this.#visitObject(value, { name, path, fields, visit });
      } else if (field === undefined) {
        this.differences.add(`${name}: ${path} is not documented`);
      }
    };
    for (const item of Array.isArray(output) ? output : [output]) visit(item, "");
  }

  #visitObject(
    value: object,
    { name, path, fields, visit }: {
      name: string;
      path: string;
      fields: readonly DocumentedField[];
      visit: (value: unknown, path: string) => void;
    },
  ): void {
    const prefix = path === "" ? "" : `${path}.`;
    for (const [key, item] of Object.entries(value)) visit(item, prefix + key);
    for (const field of fields) {
      const key = field.path.startsWith(prefix) ? field.path.slice(prefix.length) : "";
      if (!/^\w+$/.test(key) || field.mayBeAbsent || key in value) continue;
      this.differences.add(`${name}: ${field.path} is absent`);
    }
  }

  /** The documented fields that no output had. */
  get unseen(): readonly string[] {
    return [...this.#documented].filter((field) => !this.#seen.has(field));
  }
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

function hasType(value: unknown, documented: string): boolean {
  return documented.split(" or ").some((type) => {
    switch (type) {
      case "null":
        return value === null;
      case "array":
        return Array.isArray(value);
      case "object":
        return typeof value === "object" && value !== null && !Array.isArray(value);
      case "time":
        return typeof value === "string" && TIME.test(value);
      case "text":
        return typeof value === "string";
      case "number":
        return typeof value === "number";
      case "boolean":
        return typeof value === "boolean";
      default:
        throw new Error(`"${type}" is no type of the manual`);
    }
  });
}
