const AUTHENTICATED = { authenticated: true };
const READ = { scopes: ["read"] };
const ADMIN = { scopes: ["admin"] };
const RULES = {
  name: "Order tools",
  methods: {
    "server/discover": AUTHENTICATED,
    initialize: AUTHENTICATED,
    ping: AUTHENTICATED,
    "tools/*": AUTHENTICATED,
    "tools/secret": ADMIN,
    "resources/list": READ,
    "tasks/*": AUTHENTICATED,
    "tasks/cancel": ADMIN,
    "subscriptions/listen": READ,
    "notifications/*": AUTHENTICATED,
    "x/*": AUTHENTICATED,
  },
  tools: {
    get_order: READ,
    "get_*": AUTHENTICATED,
    "get_secret_*": ADMIN,
    get_secret_hint: READ,
    delete_order: ADMIN,
    "über*": READ,
    "a b": READ,
  },
  resources: {
    "orders://*": READ,
    "orders://secret/*": ADMIN,
    "file:///srv/*": READ,
    "https://api.example/*": READ,
    "https://api.example/admin/*": ADMIN,
    "note://one": READ,
    "orders://{id}": AUTHENTICATED,
  },
  prompts: { summary: READ, "draft_*": ADMIN },
  origins: ["https://app.example.com", "https://*.tools.example"],
  maxBodyBytes: 4096,
};

/** The routes: `/old` has streams and replies, `/trial` only reports, `/lists` filters lists. */
export const WIRE_ROUTES = [
  { path: "/mcp", mcp: RULES },
  { path: "/old", mcp: { ...RULES, streams: READ, replies: ADMIN } },
  { path: "/trial", mcp: { ...RULES, streams: READ }, report: { until: "2999-12-31" } },
  { path: "/lists", mcp: { ...RULES, filterLists: true } },
];
