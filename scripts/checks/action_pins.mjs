// @ts-check
// Checks that the commit to which an action is pinned is the one that its version names.

/**
 * An action that a workflow uses.
 *
 * @typedef {{ repository: string, commit: string, version: string }} ActionPin
 */

/**
 * Parses a line of a workflow.
 *
 * @param {string} line
 * @returns {ActionPin | "unpinned" | null} `unpinned` if it uses an action without a commit and a version
 * in a comment; null if it uses none of another repository.
 */
export function actionPin(line) {
  if (!/^\s*(- )?uses:/.test(line) || /uses: \.\//.test(line)) return null;
  const match = /uses: ([\w.-]+\/[\w.-]+)(?:\/[\w./-]+)?@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/.exec(
    line,
  );
  if (match === null) return "unpinned";
  const [, repository = "", commit = "", version = ""] = match;
  return { repository, commit, version };
}

/**
 * Returns what is wrong with a pin.
 *
 * @param {ActionPin} pin
 * @param {string} refs Output of `git ls-remote --tags` for its repository.
 * @returns {string | null} Null if the version is a tag of that commit.
 */
export function pinProblem({ repository, commit, version }, refs) {
  const commits = new Map(
    refs.split("\n").map((line) => {
      const [hash = "", ref = ""] = line.split("\t");
      return [ref, hash];
    }),
  );
  const ref = `refs/tags/${version}`;
  // An annotated tag has an object of its own; git lists its commit with ^{}.
  const tagged = commits.get(`${ref}^{}`) ?? commits.get(ref);
  if (tagged === commit) return null;
  return tagged === undefined
    ? `${repository} has no tag ${version}`
    : `${repository}@${commit} is not ${version}, which is ${tagged}`;
}
