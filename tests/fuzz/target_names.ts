/** The targets, as their files in `targets` and their folders in `tests/corpus` are called. */
export const TARGETS: readonly string[] = [
  "hale_toml",
  "policy_toml",
  "hale_lock",
  "checksum_list",
  "tar",
  "gzip",
  "zip",
  "release_answer",
  "health_answer",
  "process_table",
  "events",
  "snapshot",
  "api_request",
  "api_body",
];
