import { resolve } from "../../platform/path.ts";
import type { Endpoint } from "./endpoint.ts";
import { createFill, createPathReader } from "./fill.ts";
import type { Place, Scope } from "./interpolate.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";
import { versionOf } from "./service_version.ts";

/** The endpoint of a service: null if it has none, `refused` if it was reported as invalid. */
export type ResolvedEndpoint = Endpoint | null | "refused";

/**
 * Returns the scope of a service's endpoint. Everything else in the service may use the endpoint.
 *
 * @param draft The service.
 * @param context The environment and the target.
 * @param options `drafts`: all services. `endpointOf`: returns the endpoint of a service.
 * @returns The scope.
 */
export function firstScope(
  draft: ServiceDraft,
  context: LoadContext,
  { drafts, endpointOf }: {
    drafts: readonly ServiceDraft[];
    endpointOf: (draft: ServiceDraft) => ResolvedEndpoint;
  },
): Scope {
  const { version } = versionOf(draft, context);
  return {
    env: context.env,
    // An invalid version was reported already; do not report it as missing too.
    texts: { version: version ?? (draft.whole ? null : ""), ...context.target },
    places: Object.fromEntries(
      drafts.map((other) => [
        `services.${other.name}.endpoint`,
        () => placeOf(other, endpointOf(other)),
      ]),
    ),
  };
}

/**
 * Builds the scope of a service and its data folder. The values are resolved in order: the
 * endpoint, then `bind`, then `data_dir`. In the value of `data_dir` itself, `${data_dir}` is the
 * folder that hale keeps for the service.
 *
 * @param draft The service.
 * @param context The environment, the target, and where to report problems.
 * @param options `drafts`: all services. `endpoints`: their endpoints by name.
 * @returns The scope, and the absolute path of the data folder.
 */
export function buildScope(
  draft: ServiceDraft,
  context: LoadContext,
  { drafts, endpoints }: {
    drafts: readonly ServiceDraft[];
    endpoints: ReadonlyMap<string, ResolvedEndpoint>;
  },
): { scope: Scope; dataDir: string } {
  const endpointOf = ({ name }: ServiceDraft) => endpoints.get(name) ?? null;
  const first = firstScope(draft, context, { drafts, endpointOf });
  const endpoint = placeOf(draft, endpointOf(draft));
  const second = { ...first, places: { endpoint: () => endpoint, ...first.places } };
  const bind = bindPlace(draft, endpoint, second, context);
  const third = { ...second, places: { bind: () => bind, ...second.places } };
  const base = resolve(context.folder, context.dataDir(context.runtimeId, draft.name));
  const fill = createFill(draft, { ...third, texts: { ...third.texts, data_dir: base } }, context);
  const dataDir = createPathReader(fill, context.folder)("data_dir", draft.table.data_dir) ?? base;
  return { scope: { ...third, texts: { ...third.texts, data_dir: dataDir } }, dataDir };
}

function placeOf(draft: ServiceDraft, endpoint: ResolvedEndpoint): Place {
  if (endpoint === "refused") return { kind: "refused" };
  return {
    kind: "known",
    url: endpoint?.url ?? null,
    host: endpoint?.host ?? null,
    port: endpoint?.port ?? null,
    portKey: [...draft.path, "endpoint"],
    portWritten: draft.table.endpoint,
  };
}

/** The address that the program binds to: `bind_host` and `bind_port`, else the endpoint's. */
function bindPlace(
  draft: ServiceDraft,
  endpoint: Place,
  scope: Scope,
  context: LoadContext,
): Place {
  const { bind_host: hostWritten, bind_port: port } = draft.table;
  const host = hostWritten === undefined
    ? undefined
    : createFill(draft, scope, context)(["bind_host"], hostWritten);
  if (host === null) return { kind: "refused" };
  const fromEndpoint = endpoint.kind === "known" ? endpoint : null;
  if (fromEndpoint === null && (host === undefined || port === undefined)) return endpoint;
  return {
    kind: "known",
    url: null,
    host: host ?? fromEndpoint!.host,
    port: port ?? fromEndpoint!.port,
    portKey: [...draft.path, port === undefined ? "endpoint" : "bind_port"],
    portWritten: port ?? draft.table.endpoint,
  };
}
