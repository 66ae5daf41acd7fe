import { describe, expect, it } from "vitest";
import { hostKey, whyNotServed } from "../../../src/policy/routing/served-hosts.ts";

const hosts = (...names: readonly string[]): ReadonlySet<string> => new Set(names.map(hostKey));

/** What a request finds whose URL is made of its `Host` header, as on the wire. */
const served = (list: ReadonlySet<string>, header: string) =>
  whyNotServed(list, header, new URL(`https://${header}`).hostname) === undefined;

describe("whyNotServed", () => {
  const API = hosts("api.example", "192.0.2.1", "[2001:db8::1]");
  it.each([
    { header: "api.example", expected: true },
    { header: "API.Example", expected: true },
    { header: "api.example:8443", expected: true },
    { header: "api.example:", expected: true },
    { header: "192.0.2.1:80", expected: true },
    { header: "[2001:db8::1]:8787", expected: true },
    { header: "[2001:DB8::1]", expected: true },
    { header: "api.example.", expected: false },
    { header: "api.example.:443", expected: false },
    { header: "www.api.example", expected: false },
    { header: "example", expected: false },
    { header: "api.example.evil.example", expected: false },
    { header: "xapi.example", expected: false },
    { header: "api-example", expected: false },
    { header: "scopegate.example.workers.dev", expected: false },
    { header: "localhost", expected: false },
    { header: "127.0.0.1", expected: false },
    // Other spellings of an address that is listed: to a firewall they may be other hosts.
    { header: "192.0.2.1.", expected: false },
    { header: "0xc0000201", expected: false },
    { header: "3221225985", expected: false },
    { header: "192.0.513", expected: false },
    { header: "[2001:0db8::1]", expected: false },
    { header: "[2001:db8:0:0:0:0:0:1]", expected: false },
  ])("finds $header served: $expected", ({ header, expected }) => {
    expect(served(API, header)).toBe(expected);
  });

  it.each(["localhost", "127.0.0.1", "[::1]"])(
    "takes the three names of the own machine for each other: %s",
    (name) => {
      for (const header of ["localhost", "127.0.0.1:8787", "[::1]:8787", "LOCALHOST"]) {
        expect(served(hosts(name), header), header).toBe(true);
      }
      for (const header of [
        "localhost.",
        "127.0.0.2",
        "127.1",
        "[::ffff:127.0.0.1]",
        "[::]",
        "a.localhost",
        "0.0.0.0",
      ]) {
        expect(served(hosts(name), header), header).toBe(false);
      }
    },
  );

  it.each([
    { name: "goes by the URL if there is no header", header: null, hostname: "api.example", expected: undefined },
    {
      name: "says which host of a URL is not served",
      header: null,
      hostname: "evil.example",
      expected: "The host `evil.example` is not one of the policy's `hosts`.",
    },
    {
      name: "says which host of a header is not served, without its port",
      header: "EVIL.example:8443",
      hostname: "evil.example",
      expected: "The host `evil.example` is not one of the policy's `hosts`.",
    },
    {
      name: "refuses a served header beside another URL",
      header: "api.example",
      hostname: "evil.example",
      expected: "The Host header and the request's URL name different hosts.",
    },
    {
      name: "refuses two served hosts that differ",
      header: "api.example",
      hostname: "192.0.2.1",
      expected: "The Host header and the request's URL name different hosts.",
    },
    {
      name: "refuses another header beside a served URL",
      header: "evil.example",
      hostname: "api.example",
      expected: "The host `evil.example` is not one of the policy's `hosts`.",
    },
  ])("$name", ({ header, hostname, expected }) => {
    expect(whyNotServed(API, header, hostname)).toBe(expected);
  });

  it("cuts a name off that is longer than a host name can be", () => {
    const shown = (length: number) => whyNotServed(API, "x".repeat(length), "x")?.match(/`(x*)`/)?.[1]?.length;
    expect([shown(253), shown(254), shown(20_000)]).toEqual([253, 253, 253]);
  });
});
