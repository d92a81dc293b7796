import { assertEquals, assertStringIncludes } from "@std/assert";
import { foregroundHint } from "../../../src/supervise/exit/background_error.ts";

for (
  const [binary, args, left, hint] of [
    ["/usr/sbin/nginx", [], ["nginx"], 'add `-g "daemon off;"`'],
    ["/usr/bin/su", ["postgres", "-c", "/opt/bin/pg_ctl start"], ["postgres"], "`pg_ctl start`"],
    ["/usr/bin/pg_ctl", [], ["postgres"], "run `postgres -D DIR` instead of `pg_ctl start`"],
    ["/usr/bin/pg_ctlcluster", [], ["postgres"], "run `postgres -D DIR`, or add `--foreground`"],
    ["/usr/lib/postgres", [], ["postgres"], "run `postgres -D DIR` itself"],
    ["/usr/sbin/apache2", [], ["apache2"], "add `-D FOREGROUND`"],
    ["/usr/sbin/httpd", [], ["httpd"], "add `-D FOREGROUND`"],
    ["/usr/sbin/haproxy", [], ["haproxy"], "remove `-D` and `daemon`"],
    ["/usr/sbin/mariadbd", [], ["mariadbd"], "run `mariadbd` without `--daemonize`"],
    ["/usr/sbin/mysqld", [], ["mysqld"], "run `mysqld` without `--daemonize`"],
    ["/usr/bin/mongod", [], ["mongod"], "remove `--fork`"],
    ["/usr/sbin/vsftpd", [], ["vsftpd"], "set `background=NO`"],
    ["/usr/bin/pm2", [], ["node"], "run the program itself, or `pm2-runtime`"],
    ["/usr/bin/mysqld_safe", [], ["mariadbd"], "run `mysqld` or `mariadbd` itself"],
    ["/bin/sh", ["-c", "redis-server &"], ["redis-server"], "set `--daemonize no`"],
    ["/usr/sbin/php-fpm8.2", [], ["php-fpm8.2"], "add `--nodaemonize`"],
    ["/bin/bash", ["start.sh"], ["java"], "write `exec PROGRAM`"],
    ["/srv/start.sh", [], ["start.sh", "java"], "write `exec PROGRAM`"],
    ["/srv/constructor", ["toString"], ["__proto__"], "most programs have an option"],
  ] as const
) {
  Deno.test(`foregroundHint() for ${binary} ${args.join(" ")}`, () => {
    assertStringIncludes(foregroundHint(binary, args, left), hint);
  });
}

Deno.test("foregroundHint() is one clause", () => {
  for (const name of ["nginx", "sh", "other"]) {
    assertEquals(foregroundHint(name, [], []).endsWith("."), false);
  }
});
