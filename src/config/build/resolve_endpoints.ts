import { firstScope, type ResolvedEndpoint } from "./build_scope.ts";
import { parseEndpoint } from "./endpoint.ts";
import { interpolate, type Scope } from "./interpolate.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/**
 * Fills in and takes apart the endpoints of all services. They may speak of each other's.
 *
 * @param drafts The services.
 * @param context What they are read with.
 * @returns The endpoints by service name.
 */
export function resolveEndpoints(
  drafts: readonly ServiceDraft[],
  context: LoadContext,
): ReadonlyMap<string, ResolvedEndpoint> {
  const resolved = new Map<string, ResolvedEndpoint>();

  function visit(draft: ServiceDraft, trail: readonly string[]): ResolvedEndpoint {
    const known = resolved.get(draft.name);
    if (known !== undefined) return known;
    const way = [...trail, draft.name];
    if (trail.includes(draft.name)) {
      const cycle = way.slice(way.indexOf(draft.name)).join(" -> ");
      context.problems.add(
        [...draft.path, "endpoint"],
        `endpoints speak of each other in a circle: ${cycle}; write one of them out`,
        { value: draft.table.endpoint },
      );
      return "refused";
    }
    const scope = firstScope(draft, context, {
      drafts,
      endpointOf: (other) => visit(other, way),
    });
    const endpoint = readEndpoint(draft, scope, context);
    resolved.set(draft.name, endpoint);
    return endpoint;
  }

  for (const draft of drafts) visit(draft, []);
  return resolved;
}

function readEndpoint(draft: ServiceDraft, scope: Scope, context: LoadContext): ResolvedEndpoint {
  const { endpoint: written } = draft.table;
  const path = [...draft.path, "endpoint"];
  if (written === undefined) return draft.whole ? null : "refused";
  const text = interpolate(written, scope, ({ at, message, ...details }) => {
    context.problems.add(at ?? path, message, { value: written, ...details });
  });
  if (text === null) return "refused";
  const endpoint = parseEndpoint(text);
  if (!("fault" in endpoint)) return endpoint;
  // Not where it may hold a password.
  const value = text.includes("@") ? undefined : written;
  context.problems.add(path, `not an endpoint: ${endpoint.fault}`, { value, endpoint: true });
  return "refused";
}
