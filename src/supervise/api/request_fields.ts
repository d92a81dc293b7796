/**
 * The fields of the bodies of requests. What is invalid would be recorded, and then the supervisor after
 * this one could not read it.
 *
 * @module
 */

import * as v from "valibot";
import {
  type FieldRules,
  flag,
  objectOf,
  oneOf,
  orNull,
  text,
  texts,
  textTable,
} from "../../model/field_rules.ts";
import { SPEC_FIELDS, STORE_FIELDS } from "../../model/spec_fields.ts";
import type { ServiceHandover } from "../runtime/service_handover.ts";
import type { StartRequest, StopRequest } from "./api_types.ts";

/** Validated where it is used. */
const actor = v.optional(v.unknown());

const configured = v.object({ spec: SPEC_FIELDS, config_digest: text }, "an object");

const handover = objectOf<ServiceHandover>({
  spec: SPEC_FIELDS,
  config_digest: text,
  binary: orNull(text),
  env: orNull(textTable),
  external: flag,
  // Absent in requests of older commands.
  version: v.optional(orNull(text)),
  replace: v.optional(flag),
  rerun: v.optional(flag),
});

/** Body of a start request. */
export const START_FIELDS: FieldRules<StartRequest> = objectOf<StartRequest>({
  how: oneOf("up", "start", "restart"),
  config_path: orNull(text),
  store: STORE_FIELDS,
  configure: v.array(configured, "a list"),
  services: v.array(handover, "a list"),
  actor,
});

/** Body of a request to stop or to remove services. */
export const NAMES_FIELDS: FieldRules<StopRequest> = objectOf<StopRequest>({
  services: texts,
  actor,
});
