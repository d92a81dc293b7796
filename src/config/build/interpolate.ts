import { expandTemplate, TemplateError } from "../../text/template.ts";
import { HIGHEST_PORT } from "./endpoint.ts";
import type { KeyPath, ProblemDetails } from "../schema/problems.ts";

/** The values of the placeholders in a string. */
export interface Scope {
  /** Values of `env.NAME`. */
  readonly env: Readonly<Record<string, string>>;
  /** Names with a single value, such as `version`; null if the service has none. */
  readonly texts: Readonly<Record<string, string | null>>;
  /** Addresses such as `endpoint`, which have `.host`, `.port` and `.port+N`. */
  readonly places: Readonly<Record<string, () => Place>>;
}

/** The value of an address. */
export type Place =
  | {
    readonly kind: "known";
    /** Null for `bind`, which is not a URL. */
    readonly url: string | null;
    readonly host: string | null;
    readonly port: number | null;
    /** The key that sets the port, for the message about a port that is too high. */
    readonly portKey: KeyPath;
    /** The value of that key, as written. */
    readonly portWritten: string | number | undefined;
  }
  /** It is invalid, and that was reported already. */
  | { readonly kind: "refused" };

/** Why a placeholder could not be filled in. */
export interface InterpolationFault extends ProblemDetails {
  readonly message: string;
  /** The key to report, if it is not the key of the string itself. */
  readonly at?: KeyPath;
}

/**
 * Fills in the placeholders of a string of `hale.toml`.
 *
 * @param template The string.
 * @param scope The values of placeholders.
 * @param onFault Called for each placeholder that cannot be filled in.
 * @returns The string without placeholders, or null if one could not be filled in.
 */
export function interpolate(
  template: string,
  scope: Scope,
  onFault: (fault: InterpolationFault) => void,
): string | null {
  // Most strings have no placeholders.
  if (!template.includes("${")) return template;
  let complete = true;
  function refuse(fault?: InterpolationFault): string {
    complete = false;
    if (fault !== undefined) onFault(fault);
    return "";
  }
  try {
    const text = expandTemplate(template, (name, optional) => {
      const value = lookUp(name, scope);
      if (typeof value === "string") return value;
      if (value.kind === "fault") return refuse(value.fault);
      if (value.kind === "refused") return refuse();
      return optional ? undefined : refuse({ message: value.message });
    });
    return complete ? text : null;
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    onFault({ message: error.message });
    return null;
  }
}

type Value =
  | string
  /** A known name without a value: a fallback applies. */
  | { readonly kind: "absent"; readonly message: string }
  | { readonly kind: "fault"; readonly fault: InterpolationFault }
  | { readonly kind: "refused" };

function lookUp(name: string, scope: Scope): Value {
  if (name.startsWith("env.")) return lookUpVariable(name.slice("env.".length), scope);
  if (Object.hasOwn(scope.texts, name)) {
    return scope.texts[name] ?? absent(`${placeholder(name)} has no value; set \`${name}\``);
  }
  const [, place, part, plus] = /^(.*?)(?:\.(host|port)(?:\+([0-9]+))?)?$/s.exec(name)!;
  // `bind.host` is valid; `bind` and `endpoint.host+1` are not.
  const known = Object.hasOwn(scope.places, place!) && !(plus !== undefined && part === "host") &&
    !(place === "bind" && part === undefined);
  if (!known) return { kind: "fault", fault: unknownName(name, scope) };
  const address = scope.places[place!]!();
  if (address.kind === "refused") return address;
  const value = part === undefined ? address.url : part === "host" ? address.host : address.port;
  if (value === null) {
    const key = place === "bind" ? "endpoint" : place;
    return absent(`${placeholder(name)} has no value; set \`${key}\``);
  }
  if (plus === undefined) return String(value);
  const port = Number(value) + Number(plus);
  if (port <= HIGHEST_PORT) return String(port);
  return {
    kind: "fault",
    fault: {
      at: address.portKey,
      message: `${placeholder(name)} is above the highest port, ` +
        `${HIGHEST_PORT}; choose a lower port`,
      value: address.portWritten,
      endpoint: true,
    },
  };
}

function lookUpVariable(name: string, scope: Scope): Value {
  if (Object.hasOwn(scope.env, name)) return scope.env[name]!;
  return absent(
    `the environment variable ${name} is not set; ` +
      `set it, or write a default: \${env.${name}:-DEFAULT}`,
  );
}

function absent(message: string): Value {
  return { kind: "absent", message };
}

function unknownName(name: string, { env, texts, places }: Scope): InterpolationFault {
  const message = `unknown placeholder ${placeholder(name)}`;
  // In a shell, `${NAME}` is a variable.
  if (Object.hasOwn(env, name)) {
    return { message: `${message}; did you mean ${placeholder(`env.${name}`)}?` };
  }
  const parts = Object.keys(places).flatMap((place) =>
    place === "bind" ? ["bind.host", "bind.port"] : [place, `${place}.host`, `${place}.port`]
  );
  const own = parts.filter((part) => !part.startsWith("services."));
  const otherwise = `available: ${
    [...Object.keys(texts), ...own, "services.NAME.endpoint", "env.NAME"].join(", ")
  }`;
  const known = [...Object.keys(texts), ...parts];
  return { message, unknown: { word: name, known, otherwise, format: placeholder } };
}

/**
 * Formats the name of a placeholder, for messages.
 *
 * @param name Such as `env.PORT`.
 * @returns Such as `${env.PORT}`.
 */
export function placeholder(name: string): string {
  return `\${${name}}`;
}
