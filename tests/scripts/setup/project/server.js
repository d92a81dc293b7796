// Answers with the names of the variables that a service must not get from a step of GitHub Actions.

const FORBIDDEN =
  /^(INPUT|STATE|ACTIONS)_|^RUNNER_TRACKING_ID$|^GITHUB_(ENV|OUTPUT|PATH|STATE|STEP_SUMMARY)$/i;

Deno.serve(
  { hostname: "127.0.0.1", port: Number(Deno.args[0]) },
  () => Response.json(Object.keys(Deno.env.toObject()).filter((name) => FORBIDDEN.test(name))),
);
