import { PERMITTED_HOSTS } from "../../version.ts";
import { type Found, note, ok, wrong } from "./finding.ts";

/** What hale cannot do without, and what for. */
const NEEDED: readonly { readonly descriptor: Deno.PermissionDescriptor; readonly why: string }[] =
  [
    { descriptor: { name: "read" }, why: "read its home and your configuration" },
    { descriptor: { name: "write" }, why: "write to its home" },
    { descriptor: { name: "run" }, why: "start services and signal them" },
    { descriptor: { name: "env" }, why: "hand your environment on to services" },
    { descriptor: { name: "net", host: "127.0.0.1" }, why: "talk to its supervisor" },
    { descriptor: { name: "sys", kind: "uid" }, why: "see whose the home is" },
  ];

/** What this program may do. */
export function checkPermissions(): Found[] {
  const missing = NEEDED.filter(({ descriptor }) => !isGranted(descriptor));
  const found = missing.map(({ descriptor, why }) => {
    const flag = flagOf(descriptor);
    return wrong(flag, `hale may not ${why}.`, `Run it with -P or with ${flag}.`);
  });
  if (missing.length === 0) found.push(ok("permissions", "hale may do all that it needs."));
  return [...found, network()];
}

function network(): Found {
  if (isGranted({ name: "net" })) {
    return note("network", "hale may reach any host.", "Run it with -P to hold it to its list.");
  }
  // A wildcard cannot be asked for; a name that it covers can.
  const hosts = PERMITTED_HOSTS.filter((host) =>
    isGranted({ name: "net", host: host.replace("*", "any") })
  );
  const reach = hosts.length === 0 ? "no host" : hosts.join(", ");
  return note("network", `hale may reach ${reach}, and nothing else without being asked.`);
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
