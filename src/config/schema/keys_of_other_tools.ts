/**
 * Keys of a service in Docker Compose, supervisord, systemd and PM2, and hale's key with that
 * meaning. Keys that `suggest()` finds by their spelling are left out.
 */
export const KEYS_OF_OTHER_TOOLS: ReadonlyMap<string, string> = new Map(Object.entries({
  arguments: "args",
  autorestart: "restart",
  cmd: "command",
  dependencies: "depends_on",
  directory: "cwd",
  entrypoint: "command",
  environment: "env",
  environment_file: "env_file",
  exec_start: "command",
  healthcheck: "health",
  listen: "endpoint",
  max_restarts: "restart.max",
  memory: "limits.memory",
  nice: "limits.nice",
  port: "endpoint",
  ports: "endpoint",
  program: "command",
  requires: "depends_on",
  script: "command",
  stop_grace_period: "stop.timeout",
  stop_signal: "stop.signal",
  stopsignal: "stop.signal",
  umask: "limits.umask",
  url: "endpoint",
  working_dir: "cwd",
  working_directory: "cwd",
}));
