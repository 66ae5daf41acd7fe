import type { Compatibility, ServedWorker } from "./served-worker.ts";

/**
 * The configuration of workerd for one Worker, in Cap'n Proto. It embeds the files `worker.js` and, if a Worker stands
 * in for Workers KV, `key-value.js`.
 */
export function workerdConfig(worker: ServedWorker, { date, flags }: Compatibility): string {
  const { vars, keyValue, networks = [], standIns = {}, v8Flags = [] } = worker;
  const common = `compatibilityDate = ${quoted(date)}`;
  const bindings = [
    ...Object.entries(vars).map(([name, value]) =>
      typeof value === "string"
        ? `(name = ${quoted(name)}, text = ${quoted(value)})`
        : `(name = ${quoted(name)}, json = ${quoted(JSON.stringify(value))})`,
    ),
    ...networks.map((name) => `(name = ${quoted(name)}, service = "internet")`),
    ...Object.keys(standIns).map((name) => `(name = ${quoted(name)}, wrapped = (moduleName = ${standInName(name)}))`),
    ...(keyValue === undefined ? [] : [`(name = "JWKS", kvNamespace = "key-value")`]),
  ];
  const services = [
    `(name = "main", worker = (modules = [(name = "worker.js", esModule = embed "worker.js")], ${common},
      compatibilityFlags = [${flags.map(quoted).join(", ")}], bindings = [${bindings.join(", ")}]))`,
    `(name = "internet", network = (allow = ["public", "private"]))`,
  ];
  if (keyValue !== undefined) {
    services.push(
      `(name = "key-value", worker = (modules = [(name = "kv.js", esModule = embed "key-value.js")], ${common}))`,
    );
  }
  const modules = Object.entries(standIns).map(
    ([name, text]) => `(name = ${standInName(name)}, internal = true, esModule = ${quoted(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [${services.join(",\n    ")}],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "main")],
  extensions = [(modules = [${modules.join(", ")}])],
  v8Flags = [${v8Flags.map(quoted).join(", ")}]
);
`;
}

function standInName(binding: string): string {
  return quoted(`bench:${binding}`);
}

/** A JSON string is a Cap'n Proto string as long as it is ASCII. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
