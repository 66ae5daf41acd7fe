import { join } from "node:path";
import { bundleWorker } from "../../../src/local/bundle.ts";
import { startWorkers } from "../../../src/local/miniflare.ts";
import type { KeySettings } from "../../../src/policy/policy.ts";
import { call, jsonOf, statusAndReason } from "../e2e/call.ts";
import { gatewayPolicy } from "../e2e/gateway-policy.ts";
import { startUpstream } from "../e2e/test-upstream.ts";
import { eventually } from "../e2e/wait.ts";
import { ROOT, SHOP_POLICY } from "../project/project-files.ts";
import { accessClaims, type Claims, type SigningKey, signClaims } from "../token/signing-key.ts";
import { SCRIPT_PATH, type Script, type ScriptReport } from "./scripted-control.ts";
import { type ScriptedIssuer, startScriptedIssuer } from "./scripted-issuer.ts";

const ENTRY = join(import.meta.dirname, "scripted-gateway.ts");
/** A round time, so that claims in whole seconds lie exactly where a test says. */
const START = Date.UTC(2026, 0, 1);

export interface ScriptedWorldOptions {
  /** Names of issuers. The gateway has separate keys of each, so a test can start afresh without a new process. */
  readonly issuers: readonly string[];
  readonly keys: KeySettings;
}

export type LogLine = Readonly<Record<string, unknown>>;

/** The gateway on workerd, with an issuer, KV and a clock that tests script. */
export interface ScriptedWorld {
  readonly issuer: ScriptedIssuer;
  /** Epoch milliseconds of the gateway's clock, which stands still except in `advance`. */
  now(): number;
  advance(seconds: number): Promise<void>;
  script(script: Omit<Script, "now">): Promise<void>;
  /** Makes a new access token of an issuer, issued now. `iat` and `exp` are relative to now, in seconds. */
  token(issuer: string, key: SigningKey, claims?: { readonly iat?: number; readonly exp?: number }): Promise<string>;
  /**
   * Sends a request with this token. Returns `200` and the source of the keys, or the status, the reason and
   * `Retry-After`. Resolves when the background work of the request has ended.
   */
  ask(token: string): Promise<string>;
  /** An issuer's record in KV: its kids and its age, or `empty`. */
  inKv(issuer: string): Promise<string>;
  report(issuer: string): Promise<ScriptReport>;
  ready(): Promise<{ readonly status: number; readonly body: LogLine }>;
  /** The log lines about an issuer's keys since the last call, as `<change> <code, why or source>`. */
  changes(issuer: string): readonly string[];
  /** Fires the cron trigger. */
  scheduled(): Promise<string>;
  /** Starts a new process with new isolates. KV and the clock stay. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

export async function startScriptedWorld({ issuers, keys }: ScriptedWorldOptions): Promise<ScriptedWorld> {
  const [issuer, upstream] = await Promise.all([startScriptedIssuer(), startUpstream()]);
  const issuerFile = (name: string) => ({
    issuer: issuer.url(name),
    jwksUri: issuer.jwksUri(name),
    profile: "cognito",
    algorithms: ["ES256", "EdDSA", "RS256"],
    keys,
  });
  const policy = gatewayPolicy({ url: issuer.url("unused") }, upstream, {
    issuers: Object.fromEntries(issuers.map((name) => [name, issuerFile(name)])),
  });
  const routes = JSON.stringify(policy);
  const workers = [
    {
      name: "gateway",
      script: await bundleWorker(ENTRY, { files: { [join(ROOT, SHOP_POLICY)]: routes } }),
      kv: ["JWKS"],
      compatibilityFlags: ["global_fetch_strictly_public"],
    },
  ];
  const lines: LogLine[] = [];
  const running = await startWorkers({
    workers,
    onLog: ({ message: [line] }) => {
      if (typeof line === "object" && line !== null) lines.push(line as LogLine);
    },
  });
  const origin = running.urls["gateway"] ?? "";
  let now = START;
  let requests = 0;

  async function post(script: Script): Promise<void> {
    const answer = await call(origin, `POST ${SCRIPT_PATH}`, { body: JSON.stringify(script) });
    if (answer.status !== 200) throw new Error(`The script was not taken: ${answer.body}`);
  }

  /** Asks, and waits for the line that is written when all is over. */
  async function decided(path: string, token?: string) {
    requests += 1;
    const id = `request-${requests}`;
    const answer = await call(origin, `GET ${path}`, {
      headers: { "x-request-id": id },
      ...(token !== undefined && { token }),
    });
    const isDecision = (line: LogLine) => line["event"] === "decision" && line["request_id"] === id;
    return { answer, line: await eventually(`a decision line of ${id}`, () => lines.find(isDecision)) };
  }

  async function report(name: string): Promise<ScriptReport> {
    const { body } = await call(origin, `GET ${SCRIPT_PATH}?prefix=${encodeURIComponent(`jwks:v1:${name}:`)}`);
    return JSON.parse(body) as ScriptReport;
  }

  await post({ now });
  return {
    issuer,
    now: () => now,
    async advance(seconds) {
      now += seconds * 1000;
      await post({ now });
    },
    script: post,
    token(name, key, { iat = 0, exp = 3600 } = {}) {
      requests += 1;
      const seconds = Math.floor(now / 1000);
      const claims: Claims = { iat: seconds + iat, exp: seconds + exp, jti: `token-${requests}` };
      return signClaims(key, accessClaims(issuer.url(name), claims));
    },
    async ask(token) {
      const { answer, line } = await decided("/me", token);
      if (answer.status === 200) return `200 ${line["key_source"]}`;
      const retryAfter = answer.headers.get("retry-after");
      return retryAfter === null ? statusAndReason(answer) : `${statusAndReason(answer)} ${retryAfter}`;
    },
    report,
    async inKv(name) {
      const [text] = Object.values((await report(name)).stored);
      return text === undefined ? "empty" : describeRecord(text, now);
    },
    async ready() {
      const { answer } = await decided("/_gateway/ready");
      return { status: answer.status, body: jsonOf(answer) };
    },
    changes(name) {
      const isOurs = (line: LogLine) => line["event"] === "keys" && line["issuer"] === name;
      const ours = lines.filter(isOurs);
      for (const line of ours) lines.splice(lines.indexOf(line), 1);
      return ours.map(({ change, code, why, source }) => `${change} ${code ?? why ?? source}`);
    },
    async scheduled() {
      const outcome = await running.scheduled("gateway", "*/5 * * * *");
      // The lines of an event come after it; those of a later one come after them.
      await decided("/_gateway/health");
      return outcome;
    },
    async restart() {
      await running.reload(workers);
      await post({ now });
    },
    async dispose() {
      await Promise.all([running.dispose(), issuer.stop(), upstream.stop()]);
    },
  };
}

/** Members of a key that may be in KV: what verification needs, and nothing private. */
const PUBLIC_MEMBERS = new Set(["kid", "kty", "alg", "n", "e", "crv", "x", "y"]);

function describeRecord(text: string, now: number): string {
  let record: {
    readonly version: number;
    readonly fetchedAt: number;
    readonly jwks: { readonly keys: readonly Record<string, string>[] };
  };
  try {
    record = JSON.parse(text);
  } catch {
    return "garbage";
  }
  const {
    version,
    jwks: { keys },
  } = record;
  const strange = keys.flatMap((key) => Object.keys(key)).filter((member) => !PUBLIC_MEMBERS.has(member));
  if (strange.length > 0) return `keys with ${strange.join(", ")}`;
  const kids = keys.length > 5 ? `${keys.length} keys` : keys.map(({ kid }) => kid).join(" ");
  const prefix = version === 1 ? "" : `version ${version}: `;
  return `${prefix}${kids}, ${(now - record.fetchedAt) / 1000} s old`;
}
