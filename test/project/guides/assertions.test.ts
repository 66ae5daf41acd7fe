/** The guide for upstreams that verify: its policy, commands, tables and times, and its code against replays. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { generateKeyPair, jwtVerify, SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { parseSigningKeys } from "../../../src/assertion/signing-keys.ts";
import { withAssertion } from "../../../src/cli/demo/asserted-shop.ts";
import { JWKS_PATH } from "../../../src/endpoints/assertion-jwks.ts";
import { ASSERTION_JWKS_MAX_AGE_SECONDS, DEFAULT_ASSERTION_TTL_SECONDS } from "../../../src/limits.ts";
import { scopegate, scratchDirectory } from "../../support/cli/run-scopegate.ts";
import { codeBlocks } from "../../support/project/code-blocks.ts";
import { projectFile, ROOT, tableRows } from "../../support/project/project-files.ts";

const PAGE = "docs/guides/assertions.md";
const GUIDE = projectFile(PAGE);
const TEXT = GUIDE.replaceAll(/\s+/g, " ");
const blocks = codeBlocks(GUIDE);
const blockOf = (language: string): string => blocks.find((block) => block.language === language)?.text ?? "";
const scratch = scratchDirectory();

/** Seconds by which verifiers tolerate another clock. */
const TOLERANCE_SECONDS = 5;

describe("the gateway of the guide", () => {
  const shown = JSON.parse(blockOf("json"));
  const wrangler = (line: string): string =>
    `name = "x"\nmain = "x.ts"\ncompatibility_date = "2026-08-01"\n[env.production]\n${line}\n`;

  async function findingsWith(line: string): Promise<readonly string[]> {
    const routes = [{ path: "/orders", methods: ["GET"], authenticated: true, upstream: "orders" }];
    const issuers = { main: { issuer: "https://issuer.example", profile: "rfc9068", audiences: ["api"] } };
    scratch.write("wrangler.toml", wrangler(line));
    const policy = scratch.write("routes.json", { ...shown, issuers, routes });
    const { stdout } = await scopegate("check", "--policy", policy, "--env", "production", "--json");
    const { findings } = JSON.parse(stdout) as { findings: { code: string; path: string }[] };
    return findings.filter(({ path }) => path?.includes("assertion")).map(({ code }) => code);
  }

  it("has nothing that check finds, with the line that requires the secret", async () => {
    const [, line = ""] = /`(secrets = .*?)` in `wrangler\.toml`/.exec(TEXT) ?? [];
    expect(await findingsWith(line)).toEqual([]);
    expect(await findingsWith("")).toHaveLength(1);
  });

  it("has the members that the demo adds to the shop", () => {
    const { issuer: _, trustDomain: __, ...rest } = shown.assertion;
    expect(withAssertion({ upstreams: { orders: {} } })).toMatchObject({
      assertion: rest,
      upstreams: { orders: { assertion: true } },
    });
  });

  it("makes its secret with a command that prints a usable set", async () => {
    const [, command = ""] = /npm run -s scopegate -- (\S+) >/.exec(blockOf("sh")) ?? [];
    const { stdout } = await scopegate(command);
    expect(parseSigningKeys(stdout, "ES256").ok).toBe(true);
  });
});

describe("the origins of the guide", () => {
  const files = tableRows(GUIDE, ["origin", "copy", "and install"]).map(([, link = ""]) => /\((.*)\)/.exec(link)?.[1]);

  it("have a verifier each", () => {
    expect(files).toHaveLength(6);
    expect(files.filter((file) => !existsSync(join(ROOT, "docs/guides", file ?? "")))).toEqual([]);
  });

  it("take three values, which the policy of the guide has", () => {
    const { assertion } = JSON.parse(blockOf("json"));
    const examples = tableRows(GUIDE, ["value", "is", "for example"]).map(([, , example]) => example);
    expect(examples).toEqual(
      [assertion.issuer, assertion.trustDomain, assertion.issuer + JWKS_PATH].map((value) => `\`${value}\``),
    );
  });

  it("are called in Go as the verifier is declared", () => {
    const verifier = projectFile("examples/origins/go/verify_assertion.go");
    expect(verifier).toContain("func verifyAssertion(issuer, trustDomain string, keyOf jwt.Keyfunc, next func(");
    expect(blockOf("go")).toContain("verifyAssertion(issuer, trustDomain, keys.Keyfunc, handle)");
  });

  it("have the constants in Spring that the guide names", () => {
    const verifier = projectFile("examples/origins/spring/VerifyAssertion.java");
    for (const name of ["ISSUER", "TRUST_DOMAIN", "JWKS_URL"]) {
      expect(verifier).toMatch(new RegExp(`\\b${name}\\b`));
      expect(TEXT).toContain(`\`${name}\``);
    }
  });
});

describe("the waits of a key change", () => {
  /** How long each verifier keeps the key set. Nimbus, which Spring uses, keeps it for five minutes. */
  const kept = {
    Express: /cacheMaxAge: ([\d_]+)/.exec(projectFile("examples/origins/express/verify-assertion.js")),
    Fastify: /cacheMaxAge: ([\d_]+)/.exec(projectFile("examples/origins/fastify/verify-assertion.js")),
    Hono: /cacheMaxAge: ([\d_]+)/.exec(projectFile("examples/origins/hono/verify-assertion.ts")),
    Python: /lifespan=(\d+)/.exec(projectFile("examples/origins/python/verify_assertion.py")),
    Go: /RefreshInterval: (\d+) \* time\.Minute/.exec(blockOf("go")),
  };

  it.each([
    { name: "Express", unitSeconds: 0.001 },
    { name: "Fastify", unitSeconds: 0.001 },
    { name: "Hono", unitSeconds: 0.001 },
    { name: "Python", unitSeconds: 1 },
    { name: "Go", unitSeconds: 60 },
  ] as const)("have room for the caches of HTTP and for the verifier in $name", ({ name, unitSeconds }) => {
    const seconds = Number(kept[name]?.[1]?.replaceAll("_", "")) * unitSeconds;
    expect(seconds).toBe(300);
    const minutes = (ASSERTION_JWKS_MAX_AGE_SECONDS + seconds) / 60;
    expect(TEXT).toContain(`wait ${minutes} minutes`);
    expect(projectFile("docs/reference/routes-json.md")).toContain(`${minutes} minutes after the deployment`);
  });
});

describe("the code against replays", () => {
  interface Answer {
    status(code: number): Answer;
    json(body: unknown): void;
  }
  type Handler = (request: { readonly assertion: unknown }, response: Answer, next: () => void) => void;
  type Module = { readonly refuseReplays: (nowSeconds?: () => number) => Handler };

  const EXP = 1_800_000_060;

  async function origin() {
    const path = scratch.write("refuse-replays.mjs", blockOf("js"));
    const { refuseReplays }: Module = await import(pathToFileURL(path).href);
    let now = EXP - DEFAULT_ASSERTION_TTL_SECONDS;
    const handle = refuseReplays(() => now);
    return (assertion: unknown, atSeconds = now): number => {
      now = atSeconds;
      let answered = 0;
      const answer: Answer = {
        status(code) {
          answered = code;
          return answer;
        },
        json: () => {},
      };
      handle({ assertion }, answer, () => {
        answered = 200;
      });
      return answered;
    };
  }

  it("lets each assertion through once, until the verifier refuses it", async () => {
    const ask = await origin();
    const last = EXP + TOLERANCE_SECONDS;
    expect([
      ask({ jti: "a", exp: EXP }),
      ask({ jti: "b", exp: EXP }),
      ask({ jti: "a", exp: EXP }),
      ask({ jti: "b", exp: EXP }, last - 0.001),
      ask({ jti: "c", exp: EXP + 60 }, last),
    ]).toEqual([200, 200, 401, 401, 200]);
  });

  it.each([{ jti: undefined }, { jti: 1 }])("refuses an assertion without an id: %o", async (claims) => {
    const ask = await origin();
    expect([ask({ ...claims, exp: EXP }), ask({ ...claims, exp: EXP })]).toEqual([401, 401]);
  });

  it("has at most 30 lines", () => {
    expect(blockOf("js").trimEnd().split("\n").length).toBeLessThanOrEqual(30);
  });

  it("keeps an assertion in a shared store for as long as a verifier may accept it", async () => {
    const { privateKey, publicKey } = await generateKeyPair("ES256");
    const [iat, exp] = [EXP - DEFAULT_ASSERTION_TTL_SECONDS, EXP];
    const text = await new SignJWT({ sub: "user-1", iat, exp }).setProtectedHeader({ alg: "ES256" }).sign(privateKey);
    const isAccepted = (seconds: number) =>
      jwtVerify(text, publicKey, {
        ...{ maxTokenAge: 300, clockTolerance: TOLERANCE_SECONDS, currentDate: new Date(seconds * 1000) },
      }).then(
        () => true,
        () => false,
      );
    const seconds = Array.from({ length: 100 }, (_, index) => iat - 20 + index);
    const accepted = await Promise.all(seconds.map(isAccepted));
    expect(TEXT).toContain(`EX ${accepted.filter((it) => it).length}\` of Redis`);
  });
});
