import { describe, expect, it } from "vitest";
import { type Question, whyAddress } from "../../../../src/cli/console/parts/why-address.ts";
import { looksLikeToken, readQuestion, valuesToShow } from "../../../../src/cli/console/why/question.ts";

const NONE = { scope: [], grant: [], claim: [] };
const TOKEN = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbGljZSJ9.c2lnbmF0dXJl";

const read = (query: string | Readonly<Record<string, string>>) => readQuestion(new URLSearchParams(query));

describe("a question in an address", () => {
  it.each([
    { name: "a path alone", query: "path=/orders", expected: { path: "/orders" } },
    { name: "empty values, which count as left out", query: "path=/&client=&scope=&grant=", expected: { path: "/" } },
    {
      name: "scopes in all spellings",
      query: "path=/&scope=a+b&scope=c,d",
      expected: { path: "/", scope: ["a", "b", "c", "d"] },
    },
    {
      name: "claims, one a line or one a parameter",
      query: { path: "/", claim: "sub=a b\r\n/org/tier=x\n\n", grant: "groups=a" },
      expected: { path: "/", claim: ["sub=a b", "/org/tier=x"], grant: ["groups=a"] },
    },
    {
      name: "a client whose name ends with a space",
      query: "path=+/x+&client=web+",
      expected: { path: "/x", client: "web " },
    },
    {
      name: "all the others",
      query:
        "method=PUT&path=/&host=a.example&message=reply&revision=1&issuer=i&tenant=t&bound=mtls&on=2027-01-31&env=e",
      expected: {
        ...{ method: "PUT", path: "/", host: "a.example", message: "reply", revision: "1", issuer: "i" },
        ...{ tenant: "t", bound: "mtls", on: "2027-01-31", env: "e" },
      },
    },
  ])("is read: $name", ({ query, expected }) => {
    expect(read(query)).toEqual({ ...NONE, ...expected });
  });

  it.each(["", "path=", "path=&client=+"])("is none: %s", (query) => {
    expect(read(query)).toBeUndefined();
  });

  it.each([
    { query: "client=web", message: "The question has no path. Give one, such as /orders." },
    { query: "path=/&clint=web", message: "There is no parameter `clint`. Did you mean `client`?" },
    { query: "path=/&__proto__=1", message: /^There is no parameter `__proto__`\. Known: method, path/ },
    { query: "path=/&path=/", message: "`path` is there 2 times. Give it once." },
    { query: "path=/&bound=dpob", message: "`bound` is `dpob`. Did you mean `dpop`?" },
    { query: "path=/&on=2027-02-30", message: /^`on` is not a day of the calendar/ },
    { query: `path=/&${"x".repeat(81)}=1`, message: `There is no parameter \`${"x".repeat(80)}...\`.` },
  ])("is refused with one message: $query", ({ query, message }) => {
    expect(() => read(query)).toThrow(message);
  });

  it.each([
    ["its own field", { path: "/", token: "anything" }],
    ["another field", { path: "/", scope: `Bearer ${TOKEN}` }],
    ["the path", { path: `/x?access_token=${TOKEN}` }],
    ["the name of a parameter", { path: "/", [TOKEN]: "1" }],
    ["a field, without a signature", { path: "/", claim: `t=${TOKEN.slice(0, 40)}` }],
  ])("must not have a token, and the message does not repeat it: in %s", (_, query) => {
    let message = "";
    expect(() => {
      try {
        read(query);
      } catch (error) {
        message = String(error);
        throw error;
      }
    }).toThrow(/token/);
    expect(message).not.toContain(TOKEN.slice(0, 20));
    expect(message).not.toContain("anything");
  });

  it.each(["eyJ", "eyJabc.", "key.value", "/monkeyJar.html"])("may have what is no token: %s", (path) => {
    expect(read({ path })).toMatchObject({ path });
  });
});

describe("the address of a question", () => {
  it.each<{ readonly name: string; readonly question: Partial<Question>; readonly expected: string }>([
    { name: "of none", question: {}, expected: "/why" },
    {
      name: "that is easy to read",
      question: { method: "GET", path: "/orders/17", scope: ["https://api.example/read:orders", "b"] },
      expected: "/why?method=GET&path=/orders/17&scope=https://api.example/read:orders+b",
    },
    {
      name: "with characters that have a meaning in addresses",
      question: { path: "/a?b=c&d#e%2F+", client: `"'><script>&\u202e` },
      expected: "/why?path=/a%3Fb%3Dc%26d%23e%252F%2B&client=%22%27%3E%3Cscript%3E%26%E2%80%AE",
    },
    {
      name: "with several claims",
      question: { path: "/", claim: ["sub=a", "b=c d"] },
      expected: "/why?path=/&claim=sub%3Da&claim=b%3Dc+d",
    },
  ])("$name", ({ question, expected }) => {
    expect(whyAddress(question)).toBe(expected);
  });

  it("is read back as the same question", () => {
    const question: Question = {
      ...{ method: "POST", path: "/%252F?a=b+c%20d&e", host: "a.example:1", message: "tools/call a b", revision: "x" },
      ...{ client: " a+b ", scope: ["a", "b"], grant: ["g=1 2", "h=%"], claim: ["/org/x=+"], issuer: "é", tenant: "t" },
      ...{ bound: "dpop", on: "2027-01-31", env: "staging" },
    };
    expect(read(whyAddress(question).replace("/why?", ""))).toEqual(question);
  });
});

describe("what looks like a token", () => {
  const encode = (text: string) => Buffer.from(text).toString("base64url");
  const rest = `${encode('{"sub":"a"}')}.c2lnbmF0dXJl`;

  it.each([
    { name: "a token", text: TOKEN, expected: true },
    { name: "one inside other text", text: `/a?x=${TOKEN}&y`, expected: true },
    { name: "one right behind other text", text: `/token${TOKEN}`, expected: true },
    { name: "one without claims and signature", text: "eyJhbGc.x", expected: true },
    { name: "one whose header begins with a space", text: `${encode('{ "alg":"ES256"}')}.${rest}`, expected: true },
    { name: "one whose header has lines", text: `${encode('{\n"alg":"ES256"}')}.c2lnbmF0dXJl.x`, expected: true },
    { name: "one whose header has lines of Windows", text: `${encode('{\r\n"alg":"ES256"}')}.a.b`, expected: true },
    { name: "one whose header has a tab", text: `${encode('{\t"alg":"ES256"}')}.a.b`, expected: true },
    { name: "the start of one, without a dot", text: "eyJhbGciOiJFUzI1NiJ9", expected: false },
    { name: "a dot with nothing behind it", text: "eyJhbGciOiJFUzI1NiJ9.", expected: false },
    { name: "a start that is too short", text: "eyJabc.x", expected: false },
    {
      name: "a host that begins with the same letters",
      text: "ewallet-api-production.eu.example.com",
      expected: false,
    },
    { name: "a path", text: "/eyes/ewe.json", expected: false },
  ])("$name: $expected", ({ text, expected }) => {
    expect(looksLikeToken(text)).toBe(expected);
  });

  it.each(["eyJ", "eyJ.", "ew", "ew.", ".", "a", "eyJhbGc "])(
    "is found in time that grows with the length: %j",
    (part) => {
      const text = part.repeat(256 * 1024);
      const before = process.cpuUsage();
      looksLikeToken(text);
      expect(process.cpuUsage(before).user / 1_000).toBeLessThan(3_000);
    },
  );
});

describe("the values that the form shows again", () => {
  it("are those that were given, without tokens", () => {
    const given = new URLSearchParams([
      ["path", "/"],
      ["scope", "a"],
      ["scope", "b"],
      ["claim", "a=1"],
      ["claim", "b=2"],
      ["token", "secret"],
      ["host", TOKEN],
    ]);
    expect(Object.fromEntries(valuesToShow(given))).toEqual({ path: "/", scope: "a b", claim: "a=1\nb=2" });
  });
});
