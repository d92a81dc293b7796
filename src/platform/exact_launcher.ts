/**
 * The last step of the launcher on Linux and macOS, where there is Perl: it runs the program with exactly
 * the environment of the plan.
 *
 * A shell cannot: dash and BusyBox drop variables whose names are no shell names (`discovery.type`), bash
 * rewrites exported functions, all of them change some (`IFS`, `PWD`, `SHLVL`). `env` would show the
 * values on its command line, which every user can read. So the variables go through the shell as
 * `h_0`, `h_1`, ..., each with its name in its value.
 *
 * @module
 */

import { MARK_DESCRIPTOR } from "./processes/mark_descriptor.ts";
import { LAUNCHER_NAME, NOT_EXECUTABLE, NOT_FOUND } from "./launcher_status.ts";

/** Part of Debian, Ubuntu and macOS. The path is fixed: the `PATH` of a service is not to be trusted. */
export const PERL = "/usr/bin/perl";

/** Prefix of the variables that carry the environment through the shell. */
const CARRIER = "h_";

/**
 * Arguments: whether to reset the niceness, the number of `execve`, the program and its arguments.
 *
 * - All descriptors but the mark are closed: dash cannot close those of two digits.
 * - Signals that the parent ignored (`nohup`, a job of a script) are reset. A shell cannot do that
 *   (POSIX, `trap`).
 * - `execve` is called by its number, because `exec` of the C library runs a program for another
 *   processor as a shell script.
 * - 2 is ENOENT, 8 ENOEXEC, 20 ENOTDIR, 26 ETXTBSY (an executable that another process has open for
 *   writing; retried for 2 s), on Linux and macOS.
 */
const SCRIPT = `
my ($reset, $execve) = splice @ARGV, 0, 2;
opendir my $opened, "/dev/fd" or opendir $opened, "/proc/self/fd";
for my $fd (readdir $opened) {
  open my $file, "<&=", $fd if $fd =~ /^[0-9]+$/ && $fd > 2 && $fd != ${MARK_DESCRIPTOR};
}
$SIG{$_} = "DEFAULT" for grep { !/^(KILL|STOP|ZERO|NUM|RT)/ } keys %SIG;
setpriority 0, 0, 0 if $reset;
my @env;
for (my $i = 0; defined $ENV{"${CARRIER}$i"}; $i++) { push @env, $ENV{"${CARRIER}$i"} }
sub run {
  my @words = @_;
  if ($execve) {
    syscall 0 + $execve, $words[0], pack("p*", @words, undef), pack("p*", @env, undef);
  } else {
    %ENV = map { split /=/, $_, 2 } @env;
    exec { $words[0] } @words;
  }
}
my ($errno, $reason);
for my $pause (0.1, 0.2, 0.3, 0.6, 0.8, 0) {
  run @ARGV;
  if ($! == 8) {
    my $head = "";
    if (open my $file, "<", $ARGV[0]) { read $file, $head, 80 }
    run "/bin/sh", @ARGV if $head !~ /\\0/;
    $! = 8;
  }
  ($errno, $reason) = ($! + 0, "$!");
  print STDERR "${LAUNCHER_NAME}: $ARGV[0]: $reason\\n";
  last if $errno != 26 || !$pause;
  select undef, undef, undef, $pause;
}
my $status = $errno == 2 || $errno == 20 ? ${NOT_FOUND} : ${NOT_EXECUTABLE};
if (open my $mark, ">>&=", ${MARK_DESCRIPTOR}) {
  print $mark "failed $status", $errno == 26 ? " busy" : "", "\\n";
}
exit $status;
`;

/** The number of `execve` (Linux, `unistd.h`). macOS does not support calls by number. */
const EXECVE: Readonly<Record<string, string>> = { x86_64: "59", aarch64: "221" };

/** What a shell runs in place of a program. */
export interface ExactCommand {
  /** Program and arguments before those of the plan. */
  readonly prefix: readonly string[];
  /** The environment of the shell. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Returns how a shell runs a program with an exact environment.
 *
 * @param env The environment of the program. Names have no `=`.
 * @param options `resetNice`: whether to set the niceness to 0, as far as this user may.
 * @returns The command; null without Perl.
 */
export function exactCommand(
  env: Readonly<Record<string, string>>,
  options: { readonly resetNice: boolean },
): ExactCommand | null {
  if (!isThere(PERL)) return null;
  const execve = Deno.build.os === "linux" ? EXECVE[Deno.build.arch] ?? "" : "";
  const carried = Object.entries(env).map(([name, value], index) =>
    [`${CARRIER}${index}`, `${name}=${value}`] as const
  );
  return {
    prefix: [PERL, "-e", SCRIPT, "--", options.resetNice ? "1" : "", execve],
    env: Object.fromEntries(carried),
  };
}

function isThere(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
