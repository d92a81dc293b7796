import { assertEquals } from "@std/assert";
import { actionPin, pinProblem } from "../../../scripts/checks/action_pins.mjs";

const RELEASED = "a2bbfa25375fe432b6a289bc6b6cd05ecd0c4c32";
/** The commit that release.yml named once: no tag of the repository has it. */
const UNKNOWN = "977bb373ede98d70efbf0b7b13af9c3d6651dc60";

/** Output of `git ls-remote --tags`: a plain tag, then an annotated one. */
const REFS = `${RELEASED}\trefs/tags/v4.1.0
1111111111111111111111111111111111111111\trefs/tags/v5.0.0
2222222222222222222222222222222222222222\trefs/tags/v5.0.0^{}
`;

Deno.test("actionPin() parses the lines of a workflow", () => {
  const pin = { repository: "actions/attest", commit: RELEASED, version: "v4.1.0" };
  assertEquals(actionPin(`      - uses: actions/attest@${RELEASED} # v4.1.0`), pin);
  assertEquals(actionPin(`        uses: actions/attest/sub/path@${RELEASED} # v4.1.0`), pin);
  for (const version of ["v4", "main", RELEASED, `${RELEASED} # v4`]) {
    assertEquals(actionPin(`      - uses: actions/attest@${version}`), "unpinned", version);
  }
  for (const line of ["      - run: echo uses: a", "      - uses: ./.github/actions/setup", ""]) {
    assertEquals(actionPin(line), null, line);
  }
});

Deno.test("pinProblem() accepts the commit of the tag, plain or annotated", () => {
  const of = (commit: string, version: string) =>
    pinProblem({ repository: "actions/attest", commit, version }, REFS);
  assertEquals(of(RELEASED, "v4.1.0"), null);
  assertEquals(of("2".repeat(40), "v5.0.0"), null);
  assertEquals(
    of(UNKNOWN, "v4.1.0"),
    `actions/attest@${UNKNOWN} is not v4.1.0, which is ${RELEASED}`,
  );
  assertEquals(of("1".repeat(40), "v5.0.0")?.includes("is not v5.0.0"), true);
  assertEquals(of(RELEASED, "v4.2.0"), "actions/attest has no tag v4.2.0");
});
