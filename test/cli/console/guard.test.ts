import { describe, expect, it } from "vitest";
import { ANSWER_HEADERS, refusalOf } from "../../../src/cli/console/guard.ts";

const PORT = 8791;
const OWN = "http://127.0.0.1:8791";

type Headers = Readonly<Record<string, readonly string[]>>;

/** The status of a request to a page, whose members may be replaced; `undefined`: it is answered. */
function statusOf(changed: {
  readonly method?: string;
  readonly target?: string;
  readonly headers?: Headers;
  readonly isPage?: boolean;
  readonly port?: number;
}): number | undefined {
  const { method = "GET", target = "/why", headers = {}, isPage = true, port = PORT } = changed;
  return refusalOf({ method, target, headers: { host: ["127.0.0.1:8791"], ...headers } }, port, isPage)?.status;
}

describe("the host", () => {
  it.each([
    { name: "loopback", host: ["127.0.0.1:8791"], expected: undefined },
    { name: "localhost", host: ["localhost:8791"], expected: undefined },
    { name: "localhost in capitals", host: ["LOCALHOST:8791"], expected: undefined },
    { name: "none", host: [], expected: 421 },
    { name: "an empty one", host: [""], expected: 421 },
    { name: "two of them", host: ["127.0.0.1:8791", "127.0.0.1:8791"], expected: 421 },
    { name: "its own and another", host: ["127.0.0.1:8791", "evil.example"], expected: 421 },
    { name: "a list", host: ["127.0.0.1:8791, evil.example"], expected: 421 },
    { name: "a name that resolves to loopback", host: ["rebind.evil.example:8791"], expected: 421 },
    { name: "a name that begins like it", host: ["127.0.0.1.evil.example:8791"], expected: 421 },
    { name: "a name that ends like it", host: ["evil-localhost:8791"], expected: 421 },
    { name: "a name of the nip.io kind", host: ["127.0.0.1.nip.io:8791"], expected: 421 },
    { name: "a user in it", host: ["127.0.0.1:8791@evil.example"], expected: 421 },
    { name: "a dot at its end", host: ["localhost.:8791"], expected: 421 },
    { name: "another address of loopback", host: ["127.0.0.2:8791"], expected: 421 },
    { name: "a number for the address", host: ["2130706433:8791"], expected: 421 },
    { name: "IPv6, on which nothing listens", host: ["[::1]:8791"], expected: 421 },
    { name: "any address", host: ["0.0.0.0:8791"], expected: 421 },
    { name: "no port", host: ["127.0.0.1"], expected: 421 },
    { name: "another port", host: ["127.0.0.1:8790"], expected: 421 },
    { name: "the port with a zero", host: ["127.0.0.1:08791"], expected: 421 },
    { name: "a longer port", host: ["127.0.0.1:87910"], expected: 421 },
    { name: "no port on 80", host: ["localhost"], port: 80, expected: undefined },
    { name: "a port on 80", host: ["localhost:80"], port: 80, expected: 421 },
  ])("$name: $expected", ({ host, port = PORT, expected }) => {
    expect(statusOf({ headers: { host }, port })).toBe(expected);
  });
});

describe("the target", () => {
  it.each([
    { target: "/", expected: undefined },
    { target: "//evil.example/", expected: undefined },
    { target: "http://evil.example/", expected: 400 },
    { target: "http://127.0.0.1:8791/", expected: 400 },
    { target: "*", expected: 400 },
    { target: "evil.example:443", expected: 400 },
    { target: "", expected: 400 },
  ])("$target: $expected", ({ target, expected }) => {
    expect(statusOf({ target })).toBe(expected);
  });
});

describe("the method", () => {
  it.each([
    { method: "GET", expected: undefined },
    { method: "HEAD", expected: undefined },
    { method: "POST", expected: undefined },
    { method: "get", expected: 405 },
    { method: "PUT", expected: 405 },
    { method: "DELETE", expected: 405 },
    { method: "OPTIONS", expected: 405 },
    { method: "TRACE", expected: 405 },
    { method: "CONNECT", expected: 405 },
    { method: "", expected: 405 },
  ])("$method: $expected", ({ method, expected }) => {
    expect(statusOf({ method })).toBe(expected);
  });
});

describe("the origin", () => {
  it.each([
    { name: "none, as a program sends", headers: {}, expected: undefined },
    { name: "its own", headers: { origin: [OWN] }, expected: undefined },
    {
      name: "its own by the other name",
      headers: { host: ["localhost:8791"], origin: ["http://localhost:8791"] },
      expected: undefined,
    },
    { name: "the other name of the same port", headers: { origin: ["http://localhost:8791"] }, expected: 403 },
    { name: "null, of a sandboxed page", headers: { origin: ["null"] }, expected: 403 },
    { name: "an empty one", headers: { origin: [""] }, expected: 403 },
    { name: "another site", headers: { origin: ["https://evil.example"] }, expected: 403 },
    { name: "another port", headers: { origin: ["http://127.0.0.1:3000"] }, expected: 403 },
    { name: "a longer port", headers: { origin: [`${OWN}0`] }, expected: 403 },
    { name: "another scheme", headers: { origin: ["https://127.0.0.1:8791"] }, expected: 403 },
    { name: "its own and another", headers: { origin: [OWN, "https://evil.example"] }, expected: 403 },
  ])("$name: $expected, by POST and by GET", ({ headers, expected }) => {
    expect(statusOf({ method: "POST", headers })).toBe(expected);
    expect(statusOf({ method: "GET", headers })).toBe(expected);
  });
});

describe("where a browser says that a request comes from", () => {
  const navigation = { "sec-fetch-mode": ["navigate"], "sec-fetch-dest": ["document"] };

  it.each([
    { name: "its own pages", site: ["same-origin"], expected: undefined },
    { name: "the address bar", site: ["none"], expected: undefined },
    { name: "another site", site: ["cross-site"], expected: 403 },
    { name: "another port of this machine", site: ["same-site"], expected: 403 },
    { name: "a word that nobody knows", site: ["same-planet"], expected: 403 },
    { name: "two words", site: ["same-origin", "cross-site"], expected: 403 },
  ])("$name: $expected", ({ site, expected }) => {
    expect(statusOf({ headers: { "sec-fetch-site": site } })).toBe(expected);
  });

  it.each([
    { name: "a link to a page", headers: navigation, isPage: true, expected: undefined },
    { name: "a link to something else", headers: navigation, isPage: false, expected: 403 },
    { name: "a form of another site", method: "POST", headers: navigation, isPage: true, expected: 403 },
    { name: "a frame", headers: { ...navigation, "sec-fetch-dest": ["iframe"] }, isPage: true, expected: 403 },
    { name: "an image", headers: { ...navigation, "sec-fetch-mode": ["no-cors"] }, isPage: true, expected: 403 },
    { name: "a request of another site without other headers", headers: {}, isPage: true, expected: 403 },
    {
      name: "a link with an origin",
      headers: { ...navigation, origin: ["https://evil.example"] },
      isPage: true,
      expected: 403,
    },
  ])("another site, $name: $expected", ({ method = "GET", headers, isPage, expected }) => {
    for (const site of ["cross-site", "same-site"]) {
      expect(statusOf({ method, headers: { ...headers, "sec-fetch-site": [site] }, isPage })).toBe(expected);
    }
  });
});

describe("a refusal", () => {
  it("repeats nothing of the request", () => {
    const headers = { host: ["evil<b>.example"] };
    expect(refusalOf({ method: "GET", target: "/", headers }, PORT, true)?.text).toBe(
      "The console answers at 127.0.0.1:8791 only.",
    );
  });
});

describe("the content security policy", () => {
  it("lets a page load from the console only, and run nothing that stands in the page", () => {
    const policy = ANSWER_HEADERS["content-security-policy"] ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe|\*|https?:|blob:|nonce-/);
    for (const directive of ["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"]) {
      expect(policy).toContain(directive);
    }
    expect(policy).toContain("require-trusted-types-for 'script'");
  });
});
