/**
 * The topics of the manual. Each is a Markdown file in this folder, embedded in the executable.
 *
 * @module
 */

/** A topic of the manual. */
export interface Topic {
  /** The argument of `hale help`, and the name of the file. */
  readonly name: string;
  /** Loads the Markdown. Bundled as a separate file, so that start-up does not depend on its size. */
  readonly load: () => Promise<{ readonly default: string }>;
}

/** All topics, in the order in which `hale help` lists them. */
export const TOPICS: readonly Topic[] = [
  { name: "quickstart", load: () => import("./quickstart.md", { with: { type: "text" } }) },
  { name: "install", load: () => import("./install.md", { with: { type: "text" } }) },
  { name: "commands", load: () => import("./commands.md", { with: { type: "text" } }) },
  { name: "json", load: () => import("./json.md", { with: { type: "text" } }) },
  { name: "config", load: () => import("./config.md", { with: { type: "text" } }) },
  { name: "environment", load: () => import("./environment.md", { with: { type: "text" } }) },
  { name: "states", load: () => import("./states.md", { with: { type: "text" } }) },
  { name: "jobs", load: () => import("./jobs.md", { with: { type: "text" } }) },
  { name: "health", load: () => import("./health.md", { with: { type: "text" } }) },
  { name: "restarts", load: () => import("./restarts.md", { with: { type: "text" } }) },
  { name: "stopping", load: () => import("./stopping.md", { with: { type: "text" } }) },
  { name: "logs", load: () => import("./logs.md", { with: { type: "text" } }) },
  { name: "executables", load: () => import("./executables.md", { with: { type: "text" } }) },
  { name: "lockfile", load: () => import("./lockfile.md", { with: { type: "text" } }) },
  { name: "policy", load: () => import("./policy.md", { with: { type: "text" } }) },
  { name: "audit", load: () => import("./audit.md", { with: { type: "text" } }) },
  { name: "files", load: () => import("./files.md", { with: { type: "text" } }) },
  { name: "doctor", load: () => import("./doctor.md", { with: { type: "text" } }) },
  { name: "permissions", load: () => import("./permissions.md", { with: { type: "text" } }) },
  { name: "platforms", load: () => import("./platforms.md", { with: { type: "text" } }) },
  { name: "ci", load: () => import("./ci.md", { with: { type: "text" } }) },
  { name: "containers", load: () => import("./containers.md", { with: { type: "text" } }) },
  { name: "systemd", load: () => import("./systemd.md", { with: { type: "text" } }) },
  { name: "library", load: () => import("./library.md", { with: { type: "text" } }) },
  { name: "api", load: () => import("./api.md", { with: { type: "text" } }) },
  {
    name: "troubleshooting",
    load: () => import("./troubleshooting.md", { with: { type: "text" } }),
  },
  { name: "migrating", load: () => import("./migrating.md", { with: { type: "text" } }) },
  { name: "architecture", load: () => import("./architecture.md", { with: { type: "text" } }) },
  { name: "glossary", load: () => import("./glossary.md", { with: { type: "text" } }) },
];
