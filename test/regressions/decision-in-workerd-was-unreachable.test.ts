import { expect, it } from "vitest";
import { decide } from "../../src/testing/decide-request.ts";
import { compiled } from "../support/policy/policy-file.ts";

const policy = compiled({
  issuers: { main: { issuer: "https://issuer.example", profile: "cognito" } },
  resourceServers: { s: { scopes: { read: "Read" } } },
  clients: { app: { scopes: ["read"] } },
  upstreams: { url: { url: "https://u.example/base" }, service: { service: "ORDERS" } },
  routes: [
    { path: "/open", methods: ["GET"], public: true, upstream: "url" },
    { path: "/url", methods: ["*"], scopes: ["read"], upstream: "url" },
    { path: "/service", methods: ["*"], scopes: ["read"], upstream: "service" },
  ],
});

/** In a test that runs in workerd, every request that would be forwarded was refused as `upstream-unreachable`. */
it.each([
  { name: "a public route", question: { method: "GET", path: "/open" }, upstream: "url" },
  { name: "HEAD", question: { method: "HEAD", path: "/open" }, upstream: "url" },
  { name: "a client", question: { method: "GET", path: "/url", client: "app" }, upstream: "url" },
  { name: "a method with a body", question: { method: "POST", path: "/url", client: "app" }, upstream: "url" },
  { name: "a method of nobody", question: { method: "REPORT", path: "/url", client: "app" }, upstream: "url" },
  { name: "a service binding", question: { method: "PUT", path: "/service", client: "app" }, upstream: "service" },
])("a test in workerd learns what is forwarded: $name", async ({ question, upstream }) => {
  expect(await decide(policy, question)).toMatchObject({ outcome: "forwarded", reason: undefined, upstream });
});

it("and what is refused", async () => {
  const refused = await decide(policy, { method: "GET", path: "/url" });
  expect(refused).toMatchObject({
    outcome: "refused",
    reason: "credentials-missing",
    status: 401,
    upstream: undefined,
  });
});
