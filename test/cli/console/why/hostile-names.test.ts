import { describe, expect, it } from "vitest";
import { scratchDirectory } from "../../../support/cli/run-scopegate.ts";
import { whyAsker } from "../../../support/cli/why-page.ts";
import { HOSTILE_TEXT, HOSTILE_WORD, hostilePolicyFile, LONG_NAME } from "../../../support/policy/hostile-policy.ts";

const why = whyAsker(scratchDirectory().write("hostile.json", hostilePolicyFile()));
const { routes } = hostilePolicyFile();

/** Elements that only a text of the policy or of the question can make, and handlers. */
const ESCAPED = /<(?:evil|script|img|i>|!--)|data-evil|<[^>]*\son\w+=/i;

/** The page without texts: quoted values of attributes, and content. */
function elementsOf(html: string): string {
  return html.replace(/"[^"]*"/g, '""').replace(/>[^<]*</g, "><");
}

describe("names full of markup", () => {
  it.each([
    { name: "a client", query: { path: "/", client: HOSTILE_TEXT } },
    { name: "scopes", query: { path: "/", scope: HOSTILE_WORD } },
    { name: "an issuer", query: { path: "/", issuer: HOSTILE_TEXT } },
    { name: "a client that is not there", query: { path: "/", client: `${HOSTILE_TEXT}!` } },
    { name: "an issuer that is not there", query: { path: "/", issuer: `${HOSTILE_TEXT}!` } },
    { name: "a path", query: { path: `/${HOSTILE_TEXT}` } },
    { name: "a host", query: { path: "/", host: HOSTILE_TEXT } },
    { name: "a method", query: { path: "/", method: HOSTILE_TEXT } },
    { name: "claims", query: { path: "/", claim: HOSTILE_TEXT, grant: `${HOSTILE_TEXT}=${HOSTILE_TEXT}` } },
    { name: "a message", query: { path: "/", message: `tools/call ${HOSTILE_TEXT}` } },
    { name: "a parameter", query: { path: "/", [HOSTILE_TEXT]: HOSTILE_TEXT } },
    ...routes.map(({ path }) => ({ name: `the route ${path}`, query: { path, client: LONG_NAME } })),
  ])("stay text: $name", async ({ query }) => {
    const given = Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const { html } = await why.byAddress(given);
    expect(elementsOf(html)).not.toMatch(ESCAPED);
    expect(html).toContain('<form class="question"');
  });

  it("stay text in the answer to a form", async () => {
    const { html, status } = await why.byForm({ path: "/", client: HOSTILE_TEXT, bound: HOSTILE_TEXT });
    expect(status).toBe(400);
    expect(elementsOf(html)).not.toMatch(ESCAPED);
  });
});

describe("control characters in a question", () => {
  it.each(["path", "client", "scope", "claim", "host", "message", "on", "unknown"])("are shown: %s", async (name) => {
    const { html } = await why.byAddress({ path: "/", [name]: "/a\u001b[31m\u202e\u2028\u0000b" });
    expect(html).not.toMatch(/[^\P{Cc}\n]|[\p{Bidi_Control}\u2028\u2029]/u);
  });
});
