import { describe, expect, it } from "vitest";
import type { Upstream } from "../../src/policy/policy.ts";
import { describeFailure } from "../../src/upstream/connection-faults.ts";
import { compiled } from "../support/policy/policy-file.ts";

const SECRET = { headers: { "x-key": { secret: "KEY" } } };
const UPSTREAMS = {
  plain: { url: "https://plain.example", ...SECRET },
  erp: { url: "http://erp.internal", via: "ERP", ...SECRET },
  stock: { service: "STOCK", ...SECRET },
  tokens: { service: "TOKENS", forwardAuthorization: true },
  fixed: { service: "FIXED", headers: { "x-env": "prod" } },
};
const { upstreams } = compiled({
  upstreams: UPSTREAMS,
  routes: [{ path: "/*", methods: ["GET"], public: true, upstream: "plain" }],
});

function upstreamOf(name: keyof typeof UPSTREAMS): Upstream {
  const upstream = upstreams.get(name);
  if (upstream === undefined) throw new Error(`There is no upstream ${name}.`);
  return upstream;
}

const remote = (more: object = {}) => Object.assign(new Error("bad key c2VjcmV0"), { remote: true, ...more });
const SILENT = (binding: string) =>
  `The request through ${binding} failed. What the other end says of it may repeat a secret.`;

describe("describeFailure", () => {
  it.each<{ name: string; upstream: keyof typeof UPSTREAMS; error: unknown; expected: string }>([
    {
      name: "an exception of a service that gets a secret",
      upstream: "stock",
      error: remote(),
      expected: SILENT("STOCK"),
    },
    { name: "an exception behind a binding", upstream: "erp", error: remote(), expected: SILENT("ERP") },
    {
      name: "an exception of a service that gets tokens",
      upstream: "tokens",
      error: remote(),
      expected: SILENT("TOKENS"),
    },
    { name: "what is no Error", upstream: "stock", error: "c2VjcmV0", expected: SILENT("STOCK") },
    {
      name: "a lost connection",
      upstream: "erp",
      error: remote({ retryable: true }),
      expected: `${SILENT("ERP")} The connection failed before there was an answer.`,
    },
  ])("leaves out the text of $name", ({ upstream, error, expected }) => {
    expect(describeFailure(error, upstreamOf(upstream))).toBe(expected);
  });

  it.each<{ name: string; upstream: keyof typeof UPSTREAMS; error: unknown; expected: string }>([
    { name: "the runtime about a URL", upstream: "plain", error: remote(), expected: "bad key c2VjcmV0" },
    { name: "a service that gets no credential", upstream: "fixed", error: remote(), expected: "bad key c2VjcmV0" },
    { name: "the gateway itself", upstream: "stock", error: new Error("No binding."), expected: "No binding." },
    { name: "what is no Error, without a credential", upstream: "fixed", error: "text", expected: "text" },
  ])("repeats the text of $name", ({ upstream, error, expected }) => {
    expect(describeFailure(error, upstreamOf(upstream))).toBe(expected);
  });
});
