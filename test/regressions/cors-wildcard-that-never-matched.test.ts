import { expect, it } from "vitest";
import { applyCors } from "../../src/answer/cors.ts";
import { compiled, faultsOf, policyFileWith } from "../support/policy/policy-file.ts";

const withOrigins = (...origins: string[]) => policyFileWith({ cors: { origins } });

/** An origin with a `*` compiled without a fault, and was then compared with the `Origin` header as it is. */
it("an origin with a `*` for one label allows the pages of a preview", () => {
  const { cors } = compiled(withOrigins("https://*.previews.example"));
  const headers = new Headers();
  if (cors) applyCors(headers, "https://branch-7.previews.example", cors);
  expect(headers.get("access-control-allow-origin")).toBe("https://branch-7.previews.example");
});

it.each([
  "https://branch-*.previews.example",
  "https://previews.*",
  "https://*.*.previews.example",
  "https://*.example",
])("an origin whose `*` cannot match what it seems to say is a fault: %s", (origin) => {
  expect(faultsOf(withOrigins(origin))).toEqual([expect.stringMatching(/^\$\.cors\.origins\[0\]: /)]);
});
