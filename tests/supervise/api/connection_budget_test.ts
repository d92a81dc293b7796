import { assert, assertEquals, assertFalse } from "@std/assert";
import { ConnectionBudget } from "../../../src/supervise/api/connection_budget.ts";

/** Connections that record when they are closed. */
function connections(count: number): { close(): void; isClosed: boolean }[] {
  return Array.from({ length: count }, () => ({
    isClosed: false as boolean,
    close() {
      this.isClosed = true;
    },
  }));
}

Deno.test("ConnectionBudget displaces the oldest connection without a valid request", () => {
  const budget = new ConnectionBudget();
  const all = connections(40);
  const [first] = all;
  for (const connection of all) {
    assert(budget.admit(connection));
    if (connection === first) budget.authenticated(connection);
  }
  // 32 wait, the first is valid, and the seven after it had to go.
  assertEquals(all.map(({ isClosed }) => isClosed), all.map((_, index) => index > 0 && index < 8));
});

Deno.test("ConnectionBudget.admit() refuses when all connections are of valid requests", () => {
  const budget = new ConnectionBudget();
  const all = connections(256);
  for (const connection of all) {
    assert(budget.admit(connection));
    budget.authenticated(connection);
  }
  const [late, later] = connections(2);
  assertFalse(budget.admit(late!));
  assertFalse(all.some(({ isClosed }) => isClosed));
  budget.closed(all[0]!);
  assert(budget.admit(later!));
});
