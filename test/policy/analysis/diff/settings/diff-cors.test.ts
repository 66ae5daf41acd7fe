import { expect, it } from "vitest";
import { diffCors } from "../../../../../src/policy/analysis/diff/settings/diff-cors.ts";
import { jsonPath } from "../../../../../src/policy/fault.ts";
import { compiled, policyFileWith } from "../../../../support/policy/policy-file.ts";

type Cors = Readonly<Record<string, unknown>>;

/** What the diff notes between two `cors` members. */
function changesOf(was: Cors | undefined, is: Cors | undefined): string[] {
  const [before, after] = [was, is].map((cors) => compiled(policyFileWith(cors === undefined ? {} : { cors })));
  const changes: string[] = [];
  if (before && after) {
    diffCors(before, after, (kind, path, message) => changes.push(`${kind} ${jsonPath(path)}: ${message}`));
  }
  return changes;
}

const A = "https://a.shop.example";
const B = "https://b.shop.example";
const ANY_LABEL = "https://*.shop.example";

it.each<{ name: string; was?: Cors; is?: Cors; expected: string[] }>([
  { name: "nothing where there is none", expected: [] },
  {
    name: "a list where there was none",
    is: { origins: [A, ANY_LABEL] },
    expected: [`looser $.cors: Pages from ${A}, ${ANY_LABEL} are now allowed.`],
  },
  {
    name: "every origin where there was none",
    is: { origins: "*" },
    expected: ["looser $.cors: Pages from every origin are now allowed."],
  },
  {
    name: "none where there was one: the upstreams may say more or less",
    was: { origins: [A] },
    expected: ["incomparable $.cors: The CORS headers of the upstreams now count."],
  },
  {
    name: "nothing in another order",
    was: { origins: [A, B, ANY_LABEL] },
    is: { origins: [ANY_LABEL, B, A] },
    expected: [],
  },
  { name: "every origin, written as a list", was: { origins: "*" }, is: { origins: ["*"] }, expected: [] },
  {
    name: "an origin more and one less",
    was: { origins: [A] },
    is: { origins: [B] },
    expected: [`looser $.cors.origins: ${B} is now allowed.`, `tighter $.cors.origins: ${A} is no longer allowed.`],
  },
  {
    name: "a wildcard in place of what it covers: only looser",
    was: { origins: [A, B] },
    is: { origins: [ANY_LABEL] },
    expected: [`looser $.cors.origins: ${ANY_LABEL} is now allowed.`],
  },
  {
    name: "what a wildcard covers in its place: only tighter",
    was: { origins: [ANY_LABEL] },
    is: { origins: [A, B] },
    expected: [`tighter $.cors.origins: ${ANY_LABEL} is no longer allowed.`],
  },
  {
    name: "an origin that a wildcard covers already",
    was: { origins: [ANY_LABEL] },
    is: { origins: [ANY_LABEL, A] },
    expected: [],
  },
  {
    name: "an origin less that a wildcard still covers",
    was: { origins: [ANY_LABEL, A] },
    is: { origins: [ANY_LABEL] },
    expected: [],
  },
  {
    name: "a wildcard that does not cover the exact one: another port",
    was: { origins: [A] },
    is: { origins: [`${ANY_LABEL}:8443`] },
    expected: [
      `looser $.cors.origins: ${ANY_LABEL}:8443 is now allowed.`,
      `tighter $.cors.origins: ${A} is no longer allowed.`,
    ],
  },
  {
    name: "another wildcard",
    was: { origins: [ANY_LABEL] },
    is: { origins: ["https://*.a.shop.example"] },
    expected: [
      "looser $.cors.origins: https://*.a.shop.example is now allowed.",
      `tighter $.cors.origins: ${ANY_LABEL} is no longer allowed.`,
    ],
  },
  {
    name: "every origin in place of a list",
    was: { origins: [ANY_LABEL] },
    is: { origins: "*" },
    expected: ["looser $.cors.origins: Pages from every origin are now allowed."],
  },
  {
    name: "a list in place of every origin",
    was: { origins: "*" },
    is: { origins: [ANY_LABEL] },
    expected: ["tighter $.cors.origins: Only pages from the listed origins are now allowed."],
  },
  {
    name: "credentials",
    was: { origins: [A] },
    is: { origins: [A], credentials: true },
    expected: ["looser $.cors.credentials: Browsers may now send credentials such as cookies."],
  },
  {
    name: "credentials no longer",
    was: { origins: [A], credentials: true },
    is: { origins: [A] },
    expected: ["tighter $.cors.credentials: Browsers may no longer send credentials."],
  },
  {
    name: "another age",
    was: { origins: [A], maxAgeSeconds: 5 },
    is: { origins: [A] },
    expected: ["other $.cors.maxAgeSeconds: Changed from 5 to 600."],
  },
  {
    name: "other headers",
    was: { origins: [A], exposedHeaders: ["etag"] },
    is: { origins: [A] },
    expected: ["other $.cors.exposedHeaders: Scripts may read other response headers."],
  },
  {
    name: "no other headers in another order",
    was: { origins: [A], exposedHeaders: ["etag", "link"] },
    is: { origins: [A], exposedHeaders: ["link", "etag"] },
    expected: [],
  },
])("notes $name", ({ was, is, expected }) => {
  expect(changesOf(was, is)).toEqual(expected);
});
