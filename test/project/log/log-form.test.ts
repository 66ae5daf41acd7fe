import { join } from "node:path";
import { expect, it } from "vitest";
import type { KeyEventLine } from "../../../src/keys/key-event-log.ts";
import type { Decision } from "../../../src/telemetry/decision.ts";
import type {
  CutOffLine,
  ErrorLine,
  MetricsFailedLine,
  PolicyInvalidLine,
  RevocationsLine,
  ShadowFailedLine,
  ShadowLine,
} from "../../../src/telemetry/lines.ts";
import { LOG_VERSION } from "../../../src/telemetry/log.ts";
import { documentedEvents, formOf, wrongMembers } from "../../support/log/log-form.ts";
import { filesOf } from "../../support/project/import-graph.ts";
import { projectFile, ROOT } from "../../support/project/project-files.ts";

/** A type of the code, as the page names it. */
type TypeOf<Value> = [Value] extends [string]
  ? "text"
  : [Value] extends [number]
    ? "number"
    : [Value] extends [true]
      ? "`true`"
      : "list of texts";
/** The form of a line. It does not compile if a member is missing, or has another type in the code. */
type FormOf<Line> = {
  readonly [Member in keyof Required<Line>]: undefined extends Line[Member]
    ? `${TypeOf<NonNullable<Line[Member]>>}, optional`
    : TypeOf<Line[Member]>;
};

const DECISION: FormOf<Decision> = {
  event: "text",
  time: "text",
  request_id: "text",
  method: "text",
  route: "text, optional",
  decision: "text",
  reason: "text, optional",
  detail: "text, optional",
  status: "number",
  issuer: "text, optional",
  client_id: "text, optional",
  subject: "text, optional",
  tenant: "text, optional",
  audience: "list of texts, optional",
  expired_seconds: "number, optional",
  unverified_iss: "text, optional",
  kid: "text, optional",
  mcp_method: "text, optional",
  mcp_name: "text, optional",
  required: "list of texts, optional",
  granted: "list of texts, optional",
  upstream: "text, optional",
  upstream_status: "number, optional",
  duration_ms: "number",
  upstream_ms: "number, optional",
  location_unmapped: "`true`, optional",
  retried: "`true`, optional",
  key_source: "text, optional",
  token_cache: "text, optional",
  cf_ray: "text, optional",
  version: "text, optional",
  path: "text, optional",
  sample_share: "number, optional",
};
const SHADOW: FormOf<ShadowLine> = {
  event: "text",
  request_id: "text",
  method: "text",
  issuer: "text, optional",
  client_id: "text, optional",
  route: "text, optional",
  decision: "text",
  reason: "text, optional",
  upstream: "text, optional",
  shadow_route: "text, optional",
  shadow_decision: "text",
  shadow_reason: "text, optional",
  shadow_upstream: "text, optional",
  shadow_policy: "text, optional",
};
const SHADOW_FAILED: FormOf<ShadowFailedLine> = { event: "text", message: "text" };
const METRICS_FAILED: FormOf<MetricsFailedLine> = { event: "text", message: "text" };
const KEYS: FormOf<KeyEventLine> = {
  event: "text",
  issuer: "text",
  change: "text",
  source: "text, optional",
  keys: "number, optional",
  fetched_at: "text, optional",
  kid: "text, optional",
  why: "text, optional",
  skipped: "number, optional",
  code: "text, optional",
  message: "text, optional",
  cause: "text, optional",
  jwks_uri: "text, optional",
  served_until: "text, optional",
};
const REVOCATIONS: FormOf<RevocationsLine> = { event: "text", change: "text", code: "text, optional" };
const ERROR: FormOf<ErrorLine> = { event: "text", request_id: "text", message: "text", stack: "text, optional" };
const CUT_OFF: FormOf<CutOffLine> = { event: "text", request_id: "text", upstream: "text", idle_timeout_ms: "number" };
const POLICY_INVALID: FormOf<PolicyInvalidLine> = { event: "text", faults: "list of texts" };

it.each([
  { event: "decision", form: DECISION },
  { event: "keys", form: KEYS },
  { event: "shadow", form: SHADOW },
  { event: "shadow-failed", form: SHADOW_FAILED },
  { event: "error", form: ERROR },
  { event: "body-cut-off", form: CUT_OFF },
  { event: "policy-invalid", form: POLICY_INVALID },
  { event: "metrics-failed", form: METRICS_FAILED },
  { event: "revocations", form: REVOCATIONS },
])("the page on the log gives the form that the code gives to a line: $event", ({ event, form }) => {
  const documented = formOf(event)?.map(({ name, type, isOptional }) => [
    name,
    `${type}${isOptional ? ", optional" : ""}`,
  ]);
  expect(Object.fromEntries(documented ?? [])).toEqual(form);
  expect(documented).toHaveLength(Object.keys(form).length);
});

it("the page on the log names every event that the Worker writes, and its version", () => {
  const worker =
    /^(?:app|exchange|gateway)\.ts$|^(?:telemetry|keys|revocations|shadow|token|upstream|endpoints|answer)\//;
  const files = filesOf(join(ROOT, "src")).filter((file) => worker.test(file) && file.endsWith(".ts"));
  const written = files.flatMap((file) =>
    Array.from(projectFile(`src/${file}`).matchAll(/\bevent: "([\w-]+)"/g), ([, event = ""]) => event),
  );
  expect(new Set(written)).toEqual(new Set(documentedEvents()));
  const page = projectFile("docs/reference/log.md");
  for (const event of new Set(written)) expect(page).toContain(`| [\`${event}\`](`);
  expect(page).toContain(`the version of the form of the lines: ${LOG_VERSION}.`);
});

it.each([
  { name: "a line of the documented form", line: { v: 1, event: "policy-invalid", faults: ["x"] }, expected: [] },
  { name: "one without the version", line: { event: "policy-invalid", faults: [] }, expected: ["v: no number"] },
  { name: "one of an unknown event", line: { v: 1, event: "x" }, expected: ["event: x is not documented"] },
  {
    name: "one with an unknown member and one of another type",
    line: { v: 1, event: "policy-invalid", faults: [1], path: "/" },
    expected: ["path: not documented", "faults: no list of texts"],
  },
])("the check of lines knows $name", ({ line, expected }) => {
  expect(wrongMembers(line)).toEqual(expected);
});
