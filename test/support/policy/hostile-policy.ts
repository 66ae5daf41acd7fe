/**
 * Text that leaves each place in which a page could put it: content, attributes with either quote, scripts, styles,
 * titles, comments, and JSON in a script. It has no control character, which a policy may not have anywhere.
 */
export const HOSTILE_TEXT = `"'><evil-element data-evil="1" onclick='alert(1)'><script>alert(2)</script><img data-evil=2 src=x onerror=alert(3)></td></table></textarea></title></style></script><!--<script>]]>&lt;evil-element&gt;&quot;{{7+7}}%3Cevil-element%3E\\u003cevil-element\\u003e`;

/** The same for names of scopes, which have no blank, quote or backslash (RFC 6749, section 3.3). */
export const HOSTILE_WORD = "'><evil-element/data-evil=3><img/data-evil=4/src=x/onerror=alert(4)></script><!--&lt;i>";

/** The same for names of header fields and of parameters in a path. */
export const HOSTILE_TOKEN = "'&`";

/** A name that nothing wraps by itself. */
export const LONG_NAME = `long-${"n".repeat(400)}`;

/** What finds an element or an attribute that the texts above could make in a page. */
export const EVIL_SELECTOR = "evil-element, [data-evil], [onclick], [onerror], img[src='x']";

/**
 * A policy that compiles, with such text in every place that takes it. It has routes of each kind: with conditions,
 * public, optional, report-only, never allowed, and of MCP. One of its guarantees is broken. It needs no vars.
 */
export function hostilePolicyFile() {
  const text = HOSTILE_TEXT;
  const word = HOSTILE_WORD;
  return {
    $schema: text,
    realm: text.replaceAll('"', "'").replaceAll("\\", "/"),
    issuers: {
      [text]: {
        issuer: `https://issuer.example/${word}`,
        profile: "generic",
        audiences: [text],
        scopeClaim: [text, LONG_NAME],
        acrClaim: `${text} acr`,
        acrOrder: ["<evil-element>", "<i>"],
        grants: { [text]: { [text]: [word], [LONG_NAME]: ["*"] } },
        registeredClientsOnly: true,
      },
      [LONG_NAME]: { issuer: `https://other.example/${LONG_NAME}`, profile: "cognito" },
    },
    resourceServers: {
      [`https://api.example/${word}`]: {
        name: text,
        issuers: [text, LONG_NAME],
        scopes: { [word]: { description: text, implies: [`${word}2`] }, [`${word}2`]: text, [LONG_NAME]: text },
      },
    },
    resources: { "/%3Cevil-element%3E": { name: text } },
    clients: {
      [text]: { name: word, id: `${text} id`, issuer: text, scopes: [word] },
      [LONG_NAME]: { id: LONG_NAME, issuer: LONG_NAME, scopes: [`${word}2`, LONG_NAME] },
    },
    upstreams: {
      [text]: { url: "https://up.example/%3Cevil-element%3E", headers: { [`X-${HOSTILE_TOKEN}`]: text } },
      [LONG_NAME]: { url: "https://long.example" },
    },
    claimHeaders: { [`X-Claim-${HOSTILE_TOKEN}`]: text },
    routes: [
      {
        path: "/%3Cevil-element%3E/:id",
        methods: ["GET", HOSTILE_TOKEN],
        scopes: {
          anyOf: [
            word,
            { param: "id", equals: `${text} claim` },
            { allOf: [{ claim: `${text} claim`, in: [text] }, `${word}2`] },
          ],
        },
        authentication: { acr: ["<evil-element>"] },
        upstream: text,
        lint: { "unheld-scope": text },
      },
      { path: "/public", methods: ["GET"], public: true, upstream: LONG_NAME },
      { path: `/${LONG_NAME}`, methods: ["GET"], scopes: [LONG_NAME], upstream: LONG_NAME },
      { path: "/optional", methods: ["GET"], optional: true, upstream: text },
      { path: "/report", methods: ["POST"], scopes: [word], upstream: text, report: { until: "2099-01-31" } },
      {
        path: "/mcp",
        upstream: text,
        mcp: {
          name: text,
          methods: { "tools/list": { authenticated: true } },
          tools: { [text]: { scopes: [word] }, [word]: { authenticated: true }, [LONG_NAME]: { scopes: [LONG_NAME] } },
          resources: { "a://x/%3Cevil-element%3E*": { authenticated: true } },
          prompts: { [text]: { scopes: [`${word}2`] } },
        },
      },
    ],
    guarantees: [
      { name: text, clients: [text], never: true, paths: ["/report"] },
      { name: LONG_NAME, publicOnly: ["/public", "/report"] },
    ],
  };
}

const CONTROLS = "\u001b[2K\u001b[1A\r\u009b31m\u0007\u0000\u202e\u2066\u2028";

/**
 * A policy that does not compile: faults whose places and sentences have terminal escapes, direction marks and markup.
 */
export function hostileFaultyFile() {
  const name = `${CONTROLS}${HOSTILE_TEXT}`;
  return {
    ...hostilePolicyFile(),
    clients: { [name]: { scopes: [name] } },
    routes: [{ path: `/${name}`, methods: [name], scopes: [name], upstream: name, [name]: name }],
    [name]: name,
  };
}
