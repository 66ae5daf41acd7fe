import { describe, expect, it } from "vitest";
import { compiled, faultsOf, policyFileWith } from "../../../support/policy/policy-file.ts";

const HOSTS = ["api.example", "admin.example", "127.0.0.1"];
const READ = { path: "/a", methods: ["GET"], scopes: ["read:orders"], upstream: "orders" };
const variable = (name: string): string => `\${${name}}`;

describe("hosts of a route", () => {
  it.each([
    { name: "some of those that are served", hosts: ["admin.example"], expected: ["admin.example"] },
    { name: "a variable", hosts: [variable("ADMIN")], expected: ["admin.example"] },
    { name: "another name of loopback", hosts: ["[::1]", "localhost"], expected: ["localhost"] },
    { name: "none, if left out", hosts: undefined, expected: undefined },
  ])("are $name", ({ hosts, expected }) => {
    const file = policyFileWith({ hosts: HOSTS, routes: [{ ...READ, ...(hosts && { hosts }) }] });
    expect(compiled(file, { ADMIN: "admin.example" }).routes[0]?.hosts).toEqual(expected);
  });

  it.each([
    {
      name: "a host that is not served",
      hosts: ["admin.exampel"],
      expected: [
        "$.routes[0].hosts[0]: This is not one of the policy's `hosts`. Write one of them, or add this one to `hosts` at the top.",
      ],
    },
    {
      name: "a host with a dot at its end, in upper case or with a port",
      hosts: ["api.example.", "API.example", "api.example:443"],
      expected: [0, 1, 2].map((at) =>
        expect.stringMatching(new RegExp(`^\\$\\.routes\\[0\\]\\.hosts\\[${at}\\]: This is not one`)),
      ),
    },
    {
      name: "a host twice",
      hosts: ["api.example", "api.example"],
      expected: ["$.routes[0].hosts[1]: The host is listed twice. Leave one of them out."],
    },
    { name: "an empty list", hosts: [], expected: [expect.stringContaining("$.routes[0].hosts:")] },
    { name: "a text", hosts: "api.example", expected: [expect.stringContaining("$.routes[0].hosts:")] },
    { name: "a number", hosts: [1], expected: [expect.stringContaining("$.routes[0].hosts[0]:")] },
    {
      name: "a variable that is not set",
      hosts: [variable("NOWHERE")],
      expected: [expect.stringContaining("$.routes[0].hosts[0]: The variable `NOWHERE` is not set.")],
    },
  ])("may not be $name", ({ hosts, expected }) => {
    expect(faultsOf(policyFileWith({ hosts: HOSTS, routes: [{ ...READ, hosts }] }))).toEqual(expected);
  });

  it("need hosts at the top", () => {
    expect(faultsOf(policyFileWith({ routes: [{ ...READ, hosts: ["api.example"] }] }))).toEqual([
      "$.routes[0].hosts: The policy has no `hosts`. List the hosts that are served in `hosts` at the top.",
    ]);
  });

  it("are not faulted again where those at the top are faulty", () => {
    const file = policyFileWith({ hosts: "api.example", routes: [{ ...READ, hosts: ["api.example"] }] });
    expect(faultsOf(file)).toEqual([expect.stringContaining("$.hosts:")]);
  });

  it("never repeat the value of a variable, which can be a URL with a secret", () => {
    const file = policyFileWith({ hosts: HOSTS, routes: [{ ...READ, hosts: [variable("ADMIN")] }] });
    expect(faultsOf(file, { ADMIN: "https://user:secret@admin.example" }).join()).not.toContain("secret");
  });
});

describe("two routes with one path and method", () => {
  const on = (...hosts: string[]) => ({ ...READ, ...(hosts.length > 0 && { hosts }) });
  it.each([
    { name: "on different hosts", routes: [on("api.example"), on("admin.example")], expected: [] },
    { name: "on a host and on every host", routes: [on(), on("admin.example")], expected: [] },
    {
      name: "on one host",
      routes: [on("admin.example"), on("api.example", "admin.example")],
      expected: ["`GET /a` is also served by routes[0] (`/a`) on admin.example."],
    },
    {
      name: "on two names of loopback",
      routes: [on("127.0.0.1"), on("localhost")],
      expected: ["`GET /a` is also served by routes[0] (`/a`) on localhost."],
    },
    {
      name: "on several hosts, once",
      routes: [on("admin.example", "api.example"), on("api.example", "admin.example")],
      expected: ["`GET /a` is also served by routes[0] (`/a`) on api.example."],
    },
    { name: "on every host", routes: [on(), on()], expected: ["`GET /a` is also served by routes[0] (`/a`)."] },
  ])("conflict or not: $name", ({ routes, expected }) => {
    const faults = faultsOf(policyFileWith({ hosts: HOSTS, routes }));
    expect(faults).toEqual(expected.map((text) => `$.routes[1].methods[0]: ${text} Remove one of them.`));
  });
});

describe("hosts of a guarantee", () => {
  const withGuarantee = (guarantee: object) => policyFileWith({ hosts: HOSTS, guarantees: [guarantee] });

  it("may hold variables, in an exception, too", () => {
    const guarantee = { never: true, hosts: [variable("ADMIN")], except: [{ hosts: [variable("API")] }] };
    const [found] = compiled(withGuarantee(guarantee), { ADMIN: "admin.example", API: "api.example" }).guarantees;
    expect(found?.hosts).toEqual(new Set(["admin.example"]));
    expect(found?.except[0]?.hosts).toEqual(new Set(["api.example"]));
    expect(found?.name).toBe("never: on admin.example");
  });

  it("must be served", () => {
    expect(faultsOf(withGuarantee({ never: true, hosts: ["x"], except: [{ hosts: ["y"] }] }))).toEqual([
      expect.stringContaining("$.guarantees[0].hosts[0]: This is not one of the policy's `hosts`."),
      expect.stringContaining("$.guarantees[0].except[0].hosts[0]: This is not one of the policy's `hosts`."),
    ]);
  });
});
