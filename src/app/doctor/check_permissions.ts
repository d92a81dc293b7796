import { PERMITTED_HOSTS } from "../../version.ts";
import { type Found, note, ok, wrong } from "./finding.ts";

/** Required permissions, with what they are needed for. */
const NEEDED: readonly { readonly descriptor: Deno.PermissionDescriptor; readonly why: string }[] =
  [
    { descriptor: { name: "read" }, why: "read its home and your configuration" },
    { descriptor: { name: "write" }, why: "write to its home" },
    { descriptor: { name: "run" }, why: "start services and signal them" },
    { descriptor: { name: "env" }, why: "pass your environment to services" },
    { descriptor: { name: "net", host: "127.0.0.1" }, why: "connect to its supervisor" },
    { descriptor: { name: "sys", kind: "uid" }, why: "check the owner of the home" },
  ];

/**
 * Checks the permissions of this program.
 *
 * @returns The missing permissions, and which hosts it may connect to.
 */
export function checkPermissions(): Found[] {
  const missing = NEEDED.filter(({ descriptor }) => !isGranted(descriptor));
  const found = missing.map(({ descriptor, why }) => {
    const flag = flagOf(descriptor);
    return wrong(flag, `hale has no permission to ${why}.`, `Run it with -P or with ${flag}.`);
  });
  if (missing.length === 0) {
    found.push(ok("permissions", "hale has all the permissions that it needs."));
  }
  return [...found, network()];
}

function network(): Found {
  if (isGranted({ name: "net" })) {
    const remedy = "Run it with -P to restrict it to the hosts in deno.json.";
    return note("network", "hale may connect to any host.", remedy);
  }
  // Permissions cannot be queried with a wildcard, only with a name that it covers.
  const hosts = PERMITTED_HOSTS.filter((host) =>
    isGranted({ name: "net", host: host.replace("*", "any") })
  );
  const reach = hosts.length === 0 ? "no host" : hosts.join(", ");
  return ok(
    "network",
    `hale may connect to ${reach}. On a terminal it asks before it connects elsewhere; otherwise ` +
      "it refuses.",
  );
}

function isGranted(descriptor: Deno.PermissionDescriptor): boolean {
  return Deno.permissions.querySync(descriptor).state === "granted";
}

function flagOf(descriptor: Deno.PermissionDescriptor): string {
  const detail = descriptor.name === "net"
    ? descriptor.host
    : descriptor.name === "sys"
    ? descriptor.kind
    : undefined;
  return `--allow-${descriptor.name}${detail === undefined ? "" : `=${detail}`}`;
}
