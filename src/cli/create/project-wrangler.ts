/**
 * The wrangler.toml of a project: the top level for this machine, and one environment, `production`. Environments do
 * not inherit bindings and vars, so each has all of them. No address of Cloudflare leads to the Worker: its versions
 * would have such addresses, too, and serve old policies.
 */
export function projectWrangler(name: string, vars: Readonly<Record<string, string>>): string {
  return `# The gateway Worker. The top level is for this machine; \`npm run deploy\` deploys [env.production].
# Environments do not inherit bindings and vars, so each has all of them.
name = ${quote(name)}
main = "src/index.ts"
compatibility_date = "2026-08-01"
compatibility_flags = ["global_fetch_strictly_public"]
workers_dev = false
preview_urls = false
minify = true
keep_names = false
upload_source_maps = true
send_metrics = false

# Compiles routes.json, each environment with its own vars. A policy with an error stops every build.
[build]
command = 'npm run --silent build:policy -- --env "top level"'
watch_dir = ["src", "routes.json"]

# The compiled policy becomes a part of the Worker, with the parts of the gateway that it uses.
[alias]
"#policy" = "./dist/policy.json"
"#features" = "./dist/policy.features.js"

${environment("", vars)}
[env.production]
name = ${quote(`${name}-production`)}
workers_dev = false
preview_urls = false
build = { command = "npm run --silent build:policy -- --env production" }
# Needs a paid plan. On the free plan, remove it: the plan has limits of its own.
limits = { cpu_ms = 100, subrequests = 50 }
# The gateway's own host name, in a zone of your Cloudflare account. Without it, nobody reaches the gateway.
# routes = [{ pattern = "api.example.com", custom_domain = true }]

${environment("env.production.", vars)}`;
}

/** The tables that every environment needs. wrangler creates the KV namespace at the first deployment. */
function environment(prefix: string, vars: Readonly<Record<string, string>>): string {
  return `# Workers Logs keep the gateway's own log line. Invocation logs would add the URL and headers of every request. One request
# in twenty leaves a trace: how long the upstream took, and KV. Traces hold paths, but no query.
[${prefix}observability]
enabled = true
redact_query_string = true
logs = { enabled = true, invocation_logs = false }
traces = { enabled = true, head_sampling_rate = 0.05 }

[${prefix}version_metadata]
binding = "VERSION"

[${prefix}triggers]
crons = ["*/5 * * * *"]

[[${prefix}kv_namespaces]]
binding = "JWKS"

[${prefix}vars]
${Object.entries(vars)
  .map(([variable, value]) => `${variable} = ${quote(value)}\n`)
  .join("")}`;
}

/** A basic string of TOML, which escapes as JSON does. */
function quote(text: string): string {
  return JSON.stringify(text);
}
