import * as v from "valibot";
import { ALL_REASONS } from "../../answer/all-reasons.ts";
import { closed } from "../../policy/compile/schema/closed.ts";
import { QUESTION_MEMBERS } from "../question-schema.ts";

const text = v.pipe(v.string(), v.nonEmpty());
const about = <Schema extends v.GenericSchema>(schema: Schema, description: string) =>
  v.exactOptional(v.pipe(schema, v.description(description)));

const expectation = closed({
  outcome: v.pipe(
    v.picklist(["forwarded", "refused", "answered"]),
    v.description("forwarded: to an upstream. refused: with a `reason`. answered: by the gateway itself."),
  ),
  reason: about(v.picklist(Object.keys(ALL_REASONS)), "Why it is refused. Required with `refused`."),
  wouldDeny: about(
    v.picklist(Object.keys(ALL_REASONS)),
    "Why the route would refuse the request, if it only reports at the time `now`. Only with `forwarded`.",
  ),
  status: about(v.pipe(v.number(), v.integer()), "The status of the gateway's own answer."),
  route: about(text, "The path pattern of the route that decides, as `routes.json` writes it."),
  upstream: about(text, "The name of the upstream that gets the request."),
  required: about(
    v.array(text),
    "All scopes that the route's requirement mentions, by short or full name, in any order.",
  ),
  preflight: about(v.picklist(["permitted", "refused"]), "Whether the answer to a preflight allows origin and method."),
});

/** What a row expects. Only the members that are written are compared. */
export type Expectation = v.InferOutput<typeof expectation>;

const row = closed({
  name: about(text, "What the row shows, in words for people."),
  ...QUESTION_MEMBERS,
  expect: v.pipe(expectation, v.description("What the gateway must do.")),
});

/** A row: a request, its caller, and what is expected. Without a caller's member, the caller sends no token. */
export type TableRow = v.InferOutput<typeof row>;

/**
 * The shape of `routes.test.json`. The JSON Schema for editors is generated from it, so it has only rules that JSON
 * Schema can express.
 */
export const decisionTableSchema = closed({
  $schema: about(v.string(), "URL or path of this file's JSON Schema, for editors."),
  tests: v.pipe(
    v.array(row),
    v.nonEmpty(),
    v.description("Requests, and what the gateway must do with each. Their order never matters."),
  ),
});

/** A table of the right shape. */
export type DecisionTable = v.InferOutput<typeof decisionTableSchema>;
