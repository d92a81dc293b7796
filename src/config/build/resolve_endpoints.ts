import { firstScope, type ResolvedEndpoint } from "./build_scope.ts";
import { parseEndpoint } from "./endpoint.ts";
import { interpolate, type Scope } from "./interpolate.ts";
import type { LoadContext, ServiceDraft } from "./service_draft.ts";

/**
 * Fills in and parses the endpoints of all services. An endpoint may refer to the endpoints of
 * other services.
 *
 * @param drafts The services.
 * @param context The environment, and where to report problems.
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
    const path = [...trail, draft.name];
    if (trail.includes(draft.name)) {
      const cycle = path.slice(path.indexOf(draft.name)).join(" -> ");
      context.problems.add(
        [...draft.path, "endpoint"],
        `circular reference: ${cycle}; write one of these endpoints without a placeholder`,
        { value: draft.table.endpoint },
      );
      return "refused";
    }
    const scope = firstScope(draft, context, {
      drafts,
      endpointOf: (other) => visit(other, path),
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
  // Before an `@` there may be a password.
  const value = text.includes("@") ? undefined : written;
  context.problems.add(path, `not a valid endpoint: ${endpoint.fault}`, { value, endpoint: true });
  return "refused";
}
