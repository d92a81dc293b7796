import { HaleError } from "../../errors.ts";
import { dependentsOf } from "../dependency_order.ts";
import type { SupervisedService } from "../service/service.ts";

/**
 * Checks that a service can be removed.
 *
 * @param service The service.
 * @param removed All services that are to be removed.
 * @param all The services of the runtime.
 * @throws {HaleError} `already_running` If it is not stopped, or a running service depends on it.
 */
export function checkRemovable(
  service: SupervisedService,
  removed: readonly SupervisedService[],
  all: readonly SupervisedService[],
): void {
  const { name } = service;
  const users = dependentsOf(name, all).filter((one) => !removed.includes(one));
  const running = [service, ...users].find((one) => one.needsSupervisor);
  if (running === undefined) return;
  const { state, pid } = running.status;
  const what = pid === null ? state : `${state} (pid ${pid})`;
  const fields = { service: name, running: running.name, state, pid };
  throw new HaleError(
    "already_running",
    running === service
      ? `${name} cannot be removed: it is ${what}. Stop it first with \`hale stop ${name}\`.`
      : `${name} cannot be removed: ${running.name} is ${what} and depends on it. Stop ` +
        `${running.name} first with \`hale stop ${running.name}\`.`,
    { fields },
  );
}
