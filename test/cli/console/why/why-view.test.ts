import { describe, expect, it } from "vitest";
import type { Explanation } from "../../../../src/explain/explanation.ts";
import { exampleFile, scopegate, scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { readable, whyAsker } from "../../../support/cli/why-page.ts";

const scratch = scratchDirectory();
const shop = scratch.write("shop.json", exampleFile());
const mcp = "examples/mcp/routes.json";
const features = scratch.write(
  "features.json",
  exampleFile({
    routes: [
      {
        path: "/users/:userId",
        methods: ["GET"],
        scopes: ["write:orders", { allOf: ["read:orders", { param: "userId", equals: "sub" }] }],
        upstream: "orders",
      },
      {
        path: "/tier",
        methods: ["GET"],
        scopes: [{ allOf: ["read:products", { claim: "/org/tier", in: ["gold"] }] }],
        upstream: "orders",
      },
      {
        path: "/fresh",
        methods: ["POST"],
        scopes: ["write:orders"],
        authentication: { maxAgeSeconds: 300 },
        upstream: "orders",
      },
      {
        path: "/soon",
        methods: ["GET"],
        scopes: ["write:orders"],
        report: { until: "2027-01-31" },
        upstream: "orders",
      },
    ],
  }),
);

interface Case {
  readonly name: string;
  readonly policy: string;
  readonly address: string;
  readonly args: readonly string[];
}

const QUESTIONS: readonly Case[] = [
  {
    name: "a request that is forwarded",
    policy: shop,
    address: "method=GET&path=/orders/17&client=customer",
    args: ["explain", "GET", "/orders/17", "--client", "customer"],
  },
  {
    name: "a missing scope",
    policy: shop,
    address: "method=POST&path=/orders&client=customer",
    args: ["explain", "POST", "/orders", "--client", "customer"],
  },
  {
    name: "a caller without a token",
    policy: shop,
    address: "path=/orders",
    args: ["explain", "GET", "/orders"],
  },
  {
    name: "scopes, with one that is not declared",
    policy: shop,
    address: "method=POST&path=/orders&scope=read:orders+write:order",
    args: ["explain", "POST", "/orders", "--scope", "read:orders write:order"],
  },
  {
    name: "a path that no route serves",
    policy: shop,
    address: "path=/order",
    args: ["explain", "GET", "/order"],
  },
  {
    name: "a trailing slash",
    policy: shop,
    address: "path=/orders/&client=admin",
    args: ["explain", "GET", "/orders/", "--client", "admin"],
  },
  {
    name: "a method that is not served",
    policy: shop,
    address: "method=PATCH&path=/orders&client=admin",
    args: ["explain", "PATCH", "/orders", "--client", "admin"],
  },
  {
    name: "an ambiguous path",
    policy: shop,
    address: "path=/orders/%252e%252e/x",
    args: ["explain", "GET", "/orders/%2e%2e/x"],
  },
  {
    name: "an endpoint of the gateway",
    policy: shop,
    address: "path=/_gateway/health",
    args: ["explain", "GET", "/_gateway/health"],
  },
  {
    name: "conditions on the path",
    policy: features,
    address: "path=/users/bob&scope=read:orders&claim=sub%3Dalice",
    args: ["explain", "GET", "/users/bob", "--scope", "read:orders", "--claim", "sub=alice"],
  },
  {
    name: "a condition on a claim that is met",
    policy: features,
    address: "path=/tier&scope=read:products&claim=/org/tier%3Dgold",
    args: ["explain", "GET", "/tier", "--scope", "read:products", "--claim", "/org/tier=gold"],
  },
  {
    name: "step-up",
    policy: features,
    address: "method=POST&path=/fresh&client=admin&claim=auth_time%3D-600",
    args: ["explain", "POST", "/fresh", "--client", "admin", "--claim", "auth_time=-600"],
  },
  {
    name: "a route that only reports",
    policy: features,
    address: "path=/soon&client=customer",
    args: ["explain", "GET", "/soon", "--client", "customer"],
  },
  {
    name: "the same route on the day after",
    policy: features,
    address: "path=/soon&client=customer&on=2027-02-01",
    args: ["explain", "GET", "/soon", "--client", "customer", "--on", "2027-02-01"],
  },
  {
    name: "an MCP message",
    policy: mcp,
    address: "path=/mcp&message=tools/call+create_order&client=customer",
    args: ["explain", "mcp", "/mcp", "tools/call", "create_order", "--client", "customer"],
  },
  {
    name: "an MCP message that is not listed",
    policy: mcp,
    address: "path=/mcp&message=tools/call+creat_order&client=customer",
    args: ["explain", "mcp", "/mcp", "tools/call", "creat_order", "--client", "customer"],
  },
  {
    name: "a binding",
    policy: shop,
    address: "path=/orders&client=customer&bound=dpop",
    args: ["explain", "GET", "/orders", "--client", "customer", "--bound", "dpop"],
  },
];

describe("an answer of /why equals that of explain --json for", () => {
  it.each(QUESTIONS)("$name", async ({ policy, address, args }) => {
    const day = args.includes("--on") ? [] : ["--on", "2026-11-28"];
    const run = await scopegate(...args, "--policy", policy, "--json", ...day);
    expect(run.stderr).toBe("");
    const explanation: Explanation = JSON.parse(run.stdout);
    const page = await whyAsker(policy).byAddress(address);
    expect(page.status).toBe(200);
    expect(stagesIn(page.html)).toEqual(explanation.stages.map(({ stage, outcome }) => [stage, outcome]));
    expect(missing(page.text, textsOf(explanation))).toEqual([]);
    expect(headersIn(page.html, 'id="upstream"')).toEqual(explanation.forwarded?.headers ?? {});
    const refusal = explanation.refusal ?? explanation.report?.refusal;
    expect(headersIn(page.html, "What the caller gets")).toMatchObject(refusal?.headers ?? {});
  });

  it.each(QUESTIONS)("$name, without the token of a link and under the same address", async ({ policy, address }) => {
    const { html } = await whyAsker(policy).byAddress(address);
    const [, link = ""] = /<p class="link"><a href="([^"]*)"/.exec(html) ?? [];
    const again = await whyAsker(policy).byAddress(readable(link).replace("/why?", ""));
    expect(again.html.replace(/traceparent.*/g, "")).toBe(html.replace(/traceparent.*/g, ""));
  });
});

describe("the body of a refusal", () => {
  it("is the problem document, with a text in place of the request's id", async () => {
    const { html } = await whyAsker(shop).byAddress("method=POST&path=/orders&client=customer");
    expect(problemIn(html)).toEqual({
      type: "https://scopegate.dev/problems/scope-insufficient",
      title: "Insufficient scope",
      status: 403,
      detail: "The access token does not grant the scopes that this route requires.",
      instance: "(the request's id)",
      required: ["https://api.myecommerce.com/write:orders"],
      granted: ["https://api.myecommerce.com/read:products", "https://api.myecommerce.com/read:orders"],
    });
  });

  it("is that from the first day of enforcement on where the route only reports", async () => {
    const { html, text } = await whyAsker(features).byAddress("path=/soon&client=customer");
    expect(text).toContain("What the caller gets from 2027-02-01 on (UTC)");
    expect(problemIn(html)).toMatchObject({ status: 403 });
  });

  it("is not there where nothing is refused", async () => {
    const { html } = await whyAsker(shop).byAddress("path=/orders/17&client=customer");
    expect(html).not.toContain("What the caller gets");
    expect(html).not.toContain("<pre");
  });
});

describe("the title of the page", () => {
  const cases = [
    { name: "names the request", query: "method=POST&path=/orders&client=customer", title: "Why? POST /orders" },
    { name: "has the host, if one is named", query: "path=/a&host=x.example", title: "Why? GET https://x.example/a" },
    { name: "keeps what is encoded", query: "path=/a%1bb", title: "Why? GET /a%1Bb" },
    { name: "is that of the view while nothing is asked", query: "", title: undefined },
    { name: "is that of the view if the question is not understood", query: "method=GET", title: undefined },
  ];
  it.each(cases)("$name", async ({ query, title }) => {
    expect((await whyAsker(shop).byAddress(query)).title).toBe(title);
  });

  it("names no request of a token, because the history of a browser keeps titles", async () => {
    const page = await whyAsker(shop).byForm({ method: "GET", path: "/orders/17", token: "a.b.c" });
    expect([page.status, page.title]).toEqual([200, undefined]);
  });
});

describe("the form", () => {
  const hosts = scratch.write("hosts.json", exampleFile({ hosts: ["api.example", "www.example"] }));
  const fieldsOf = (html: string) => Array.from(html.matchAll(/ id="ask-([a-z]+)"/g), ([, name]) => name);
  const COMMON = ["method", "path", "client", "scope", "issuer", "bound", "grant", "claim"];

  it.each([
    { name: "nothing else where no route names a host or reports", policy: shop, query: "", others: [] },
    { name: "the host where the policy names hosts", policy: hosts, query: "", others: ["host"] },
    { name: "the host that the question names", policy: shop, query: "path=/orders&host=a.example", others: ["host"] },
    { name: "the day where a route reports", policy: features, query: "", others: ["on"] },
    { name: "the day that the question names", policy: shop, query: "path=/orders&on=2027-01-01", others: ["on"] },
    { name: "the environment that it names", policy: shop, query: "path=/orders&env=production", others: ["env"] },
    { name: "the message where a route has messages", policy: mcp, query: "", others: ["message", "revision"] },
  ])("asks for the caller, the method and the path, and for $name", async ({ policy, query, others }) => {
    const { html } = await whyAsker(policy).byAddress(query);
    expect(fieldsOf(html).toSorted()).toEqual([...COMMON, ...others].toSorted());
  });

  it("says that there is no such environment, beside the form that names it", async () => {
    const { html, text, status } = await whyAsker(shop).byAddress({ path: "/orders", env: "<b>x" });
    expect([status, text]).toEqual([400, expect.stringContaining("There is no environment <b>x in wrangler's file.")]);
    expect(html).toContain('name="env" value="&lt;b&gt;x"');
  });

  it("says what an empty caller means, and that no token is kept", async () => {
    const { text } = await whyAsker(shop).byAddress("");
    expect(text).toContain("If all of it is empty, the caller has no token.");
    expect(text).toContain("It is judged on this machine. It is not kept, and no address contains it.");
  });

  it("is what the page is about until something is asked", async () => {
    expect((await whyAsker(shop).byAddress("")).html).toContain('<div class="why empty">');
    expect((await whyAsker(shop).byAddress("path=/orders")).html).toContain('<div class="why">');
  });
});

describe("the links to sets that would be enough", () => {
  it("are a list that reads as a sentence", async () => {
    const { text } = await whyAsker(shop).byAddress("method=POST&path=/orders&client=customer");
    expect(text).toMatch(/Ask with these ?, as admin/);
  });
});

/** Each text of the explanation that the page must have, in full. */
function textsOf({ caller, hints, refusal, report, requirement, forwarded, message }: Explanation): readonly string[] {
  const shown = refusal ?? report?.refusal;
  return [
    caller.description,
    ...caller.remarks,
    ...hints,
    ...(caller.granted ?? []),
    ...(shown ? [String(shown.status), shown.reason, shown.answer, ...Object.values(shown.headers)] : []),
    ...(requirement?.sufficient ?? []).flatMap(({ scopes, clients }) => [...scopes, ...clients]),
    ...(forwarded ? [forwarded.upstream, forwarded.to] : []),
    ...(message?.clients ?? []),
  ].map(plain);
}

/** Backticks stand for code on a page. */
function plain(text: string): string {
  return text.replaceAll("`", " ").replace(/\s+/g, " ").trim();
}

function missing(text: string, texts: readonly string[]): readonly string[] {
  const squeezed = (it: string) => it.replace(/ /g, "");
  return texts.filter((it) => !squeezed(text).includes(squeezed(it)));
}

function stagesIn(html: string): readonly (readonly [string | undefined, string | undefined])[] {
  return Array.from(html.matchAll(/<b>(\w+)<\/b> <span class="outcome">([^<]+)</g), ([, stage, outcome]) => [
    stage,
    outcome,
  ]);
}

/** The values of the first table behind a text. */
function headersIn(html: string, after: string): Readonly<Record<string, string>> {
  const [, , rest = ""] = html.split(new RegExp(`(${after})`));
  const [table = ""] = rest.split("</table>");
  const rows = table.matchAll(/<th scope="row"><code>(.*?)<\/code><\/th><td><code>(.*?)<\/code>/g);
  return Object.fromEntries(Array.from(rows, ([, name = "", value = ""]) => [readable(name), readable(value)]));
}

function problemIn(html: string): unknown {
  const [, body = ""] = /<pre[^>]*>([\s\S]*?)<\/pre>/.exec(html) ?? [];
  return JSON.parse(readable(body));
}
