import { expandTemplate, TemplateError } from "../../text/template.ts";
import { HIGHEST_PORT } from "./endpoint.ts";
import type { KeyPath, ProblemDetails } from "../schema/problems.ts";

/** What the placeholders of a text may stand for. */
export interface Scope {
  /** `env.NAME`. */
  readonly env: Readonly<Record<string, string>>;
  /** Names with one value, such as `version`; null where the service has none. */
  readonly texts: Readonly<Record<string, string | null>>;
  /** Names such as `endpoint`, which have `.host`, `.port` and `.port+N` below them. */
  readonly places: Readonly<Record<string, () => Place>>;
}

/** What the name of an endpoint stands for. */
export type Place =
  | {
    readonly kind: "known";
    /** Null for `bind`, which is no URL. */
    readonly url: string | null;
    readonly host: string | null;
    readonly port: number | null;
    /** The key that says the port, for the message about one that is too high. */
    readonly portKey: KeyPath;
    /** The value of that key, as written. */
    readonly portWritten: string | number | undefined;
  }
  /** Something about it was refused, and that was reported. */
  | { readonly kind: "refused" };

/** Why a placeholder could not be filled in. */
export interface InterpolationFault extends ProblemDetails {
  readonly message: string;
  /** The key at fault, where it is not the one whose text it is. */
  readonly at?: KeyPath;
}

/**
 * Fills in the placeholders of a text of `hale.toml`.
 *
 * @param template The text.
 * @param scope What the names mean there.
 * @param onFault Called for each placeholder that has no meaning.
 * @returns The text without placeholders, or null where one could not be filled in.
 */
export function interpolate(
  template: string,
  scope: Scope,
  onFault: (fault: InterpolationFault) => void,
): string | null {
  // Most texts hold none.
  if (!template.includes("${")) return template;
  let complete = true;
  function refuse(fault?: InterpolationFault): string {
    complete = false;
    if (fault !== undefined) onFault(fault);
    return "";
  }
  try {
    const text = expandTemplate(template, (name, optional) => {
      const found = lookUp(name, scope);
      if (typeof found === "string") return found;
      if (found.kind === "fault") return refuse(found.fault);
      if (found.kind === "refused") return refuse();
      return optional ? undefined : refuse({ message: found.message });
    });
    return complete ? text : null;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    onFault({ message: error.message });
    return null;
  }
}

type Found =
  | string
  /** Known, but without a value here: what a fallback is for. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "fault"; readonly fault: InterpolationFault }
  | { readonly kind: "refused" };

function lookUp(name: string, scope: Scope): Found {
  if (name.startsWith("env.")) return lookUpVariable(name.slice("env.".length), scope);
  if (Object.hasOwn(scope.texts, name)) {
    return scope.texts[name] ?? absent(`\${${name}} has no value; set \`${name}\``);
  }
  const [, place, part, plus] = /^(.*?)(?:\.(host|port)(?:\+([0-9]+))?)?$/s.exec(name)!;
  // `bind.host` is a name, `bind` and `endpoint.host+1` are not.
  const known = Object.hasOwn(scope.places, place!) && !(plus !== undefined && part === "host") &&
    !(place === "bind" && part === undefined);
  if (!known) return { kind: "fault", fault: unknownName(name, scope) };
  const found = scope.places[place!]!();
  if (found.kind === "refused") return found;
  const value = part === undefined ? found.url : part === "host" ? found.host : found.port;
  if (value === null) {
    return absent(`\${${name}} has no value; set \`${place === "bind" ? "endpoint" : place}\``);
  }
  if (plus === undefined) return String(value);
  const port = Number(value) + Number(plus);
  if (port <= HIGHEST_PORT) return String(port);
  return {
    kind: "fault",
    fault: {
      at: found.portKey,
      message: `\${${name}} needs its port + ${plus}, which is above ${HIGHEST_PORT}, ` +
        "the highest there is; choose a lower port",
      value: found.portWritten,
      endpoint: true,
    },
  };
}

function lookUpVariable(name: string, scope: Scope): Found {
  if (Object.hasOwn(scope.env, name)) return scope.env[name]!;
  return absent(
    `the environment variable ${name} is not set; set it, or write \${env.${name}:-FALLBACK}`,
  );
}

function absent(message: string): Found {
  return { kind: "absent", message };
}

function unknownName(name: string, { env, texts, places }: Scope): InterpolationFault {
  const message = `\${${name}} is not known here`;
  // A shell's habit.
  if (Object.hasOwn(env, name)) return { message: `${message}; did you mean \${env.${name}}?` };
  const parts = Object.keys(places).flatMap((place) =>
    place === "bind" ? ["bind.host", "bind.port"] : [place, `${place}.host`, `${place}.port`]
  );
  const own = parts.filter((part) => !part.startsWith("services."));
  const otherwise = `known: ${
    [...Object.keys(texts), ...own, "services.NAME.endpoint", "env.NAME"].join(", ")
  }`;
  return { message, unknown: { word: name, known: [...Object.keys(texts), ...parts], otherwise } };
}
