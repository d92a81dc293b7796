import { trimEnd } from "../../text/trim_end.ts";
import { HaleError } from "../../errors.ts";
import type { ServiceSpec } from "../../model/service_spec.ts";
import type { NamedProcess } from "../../model/survivor.ts";
import { basename } from "../../platform/path.ts";
import { nameProcesses } from "./name_processes.ts";

/**
 * How programs that put themselves into the background are kept in the foreground. Programs that start
 * others come first: their hint is the better one.
 */
const FOREGROUND: ReadonlyMap<string, string> = new Map(Object.entries({
  docker: "remove `-d`",
  mysqld_safe: "run `mysqld` or `mariadbd` itself",
  pg_ctl: "run `postgres -D DIR` instead of `pg_ctl start`",
  pg_ctlcluster: "run `postgres -D DIR`, or add `--foreground`",
  pm2: "run the program itself, or `pm2-runtime`",
  apache2: "add `-D FOREGROUND`",
  haproxy: "remove `-D` and `daemon`",
  httpd: "add `-D FOREGROUND`",
  mariadbd: "run `mariadbd` without `--daemonize`",
  memcached: "remove `-d`",
  mongod: "remove `--fork`",
  mosquitto: "remove `-d`",
  mysqld: "run `mysqld` without `--daemonize`",
  nginx: 'add `-g "daemon off;"`',
  "php-fpm": "add `--nodaemonize`",
  postgres: "run `postgres -D DIR` itself",
  "redis-server": "set `--daemonize no`",
  sshd: "add `-D`",
  "valkey-server": "set `--daemonize no`",
  vsftpd: "set `background=NO`",
}));

const SHELLS: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "fish"]);

/**
 * Returns the error for a launch that exited with 0 and left its work to processes in the background.
 *
 * @param spec The service.
 * @param launch The launch and the processes, which hale has ended.
 * @param stderr Its last lines of standard error.
 * @returns `daemonized`.
 */
export function backgroundError(
  { name, args }: Pick<ServiceSpec, "name" | "args">,
  launch: {
    readonly record: { readonly binary: string };
    readonly background: readonly NamedProcess[];
  },
  stderr: readonly string[],
): HaleError {
  const { record: { binary }, background } = launch;
  return new HaleError(
    "daemonized",
    `${name} put itself into the background: it exited with code 0 and left ` +
      `${nameProcesses(background)}, which hale ended. Run it in the foreground: ` +
      `${foregroundHint(binary, args, background.map(({ command }) => command))}.`,
    { fields: { service: name, binary, background, stderr } },
  );
}

/**
 * Returns how a program is run in the foreground.
 *
 * @param binary The program of the service.
 * @param args Its arguments: those of a shell are a script that may name the program.
 * @param left Names of the processes that it left.
 * @returns The hint.
 */
export function foregroundHint(
  binary: string,
  args: readonly string[],
  left: readonly string[],
): string {
  const program = basename(binary);
  const words = args.flatMap((arg) => arg.split(/\s+/)).map((word) => basename(word));
  // Such as `php-fpm8.2`.
  const names = [program, ...words, ...left].flatMap((
    name,
  ) => [name, trimEnd(name, "0123456789.")]);
  const known = [...FOREGROUND].find(([name]) => names.includes(name));
  if (known !== undefined) return known[1];
  const isScript = SHELLS.has(program) || left.some((command) => command === program);
  if (isScript) {
    return "a shell script must not start its last program with `&`; write `exec PROGRAM`, or end " +
      "the script with `wait`";
  }
  return "most programs have an option such as `--foreground`, `--no-daemon` or `daemonize no`";
}
