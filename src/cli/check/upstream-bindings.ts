import { GATEWAY_BINDINGS } from "../../env.ts";
import type { Policy, UrlUpstream } from "../../policy/policy.ts";
import { putSecret } from "../../policy/settings/put-secret.ts";
import { type BindingTarget, bindingTargets } from "../policy-file/binding-targets.ts";
import type { WranglerSettings } from "../policy-file/read-environments.ts";
import type { Found } from "./finding.ts";

/** The gateway's own bindings. Nothing can be sent there, and none of them is a secret. */
const OWN_BINDINGS: ReadonlySet<string> = new Set(Object.values(GATEWAY_BINDINGS));

/**
 * What a policy needs and an environment of wrangler's file lacks: the bindings of `service` and `via`, the secrets of
 * `headers`, and those of `assertion` and `dpop`. Whether a secret has been set is not in any file: wrangler asks
 * Cloudflare for those that the file lists as required, and refuses to deploy without them.
 *
 * @param settings those of the environment; `undefined`: there is no wrangler file, so only the names are checked
 */
export function upstreamBindings(policy: Policy, settings: WranglerSettings | undefined): readonly Found[] {
  const known = settings && { settings, targets: bindingTargets(settings) };
  const { assertion, dpop } = policy;
  const ofAssertion = assertion && secretFindings(["assertion", "keys", "secret"], assertion.secret, known);
  const ofNonces = dpop?.nonce && secretFindings(["dpop", "nonce", "secret"], dpop.nonce.secret, known, "worker");
  const ofUpstreams = Array.from(policy.upstreams.values()).flatMap((upstream) => [
    ...(upstream.kind === "service"
      ? serviceFindings(upstream.name, upstream.binding, known)
      : viaFindings(upstream, known)),
    ...upstream.headers.flatMap(({ header, value }) =>
      value.kind === "secret"
        ? secretFindings(["upstreams", upstream.name, "headers", header, "secret"], value.secret, known)
        : [],
    ),
  ]);
  return [...(ofAssertion ?? []), ...(ofNonces ?? []), ...ofUpstreams];
}

interface Known {
  readonly settings: WranglerSettings;
  readonly targets: ReadonlyMap<string, BindingTarget>;
}

function serviceFindings(name: string, binding: string, known: Known | undefined): readonly Found[] {
  const path = ["upstreams", name, "service"];
  if (OWN_BINDINGS.has(binding)) {
    const message = `The binding \`${binding}\` belongs to the gateway itself and is not a service.`;
    return [error("own-binding", path, message, "Bind the service under another name.")];
  }
  const kind = known?.targets.get(binding)?.kind;
  if (known === undefined || kind === "service") return [];
  const hint =
    kind === undefined || kind === "stored-secret"
      ? "Add it to [[services]] in wrangler.toml, for every environment."
      : "The binding is of another kind: write `url`, and name the binding in `via`.";
  return [error("unbound-service", path, `There is no service binding \`${binding}\`.`, hint)];
}

function viaFindings({ name, via, origin }: UrlUpstream, known: Known | undefined): readonly Found[] {
  if (via === undefined) return [];
  const path = ["upstreams", name, "via"];
  if (OWN_BINDINGS.has(via)) {
    const message = `The binding \`${via}\` belongs to the gateway itself, and no request can go through it.`;
    return [error("own-binding", path, message, "Give the binding that leads to the upstream another name.")];
  }
  if (known === undefined) return [];
  const kind = known.targets.get(via)?.kind;
  if (kind === undefined || kind === "stored-secret") {
    const message = `There is no binding \`${via}\` that requests can go through.`;
    const hint =
      `Add the line of its kind to every environment: \`vpc_services = [{ binding = "${via}", service_id = "..." }]\`, ` +
      `\`mtls_certificates = [{ binding = "${via}", certificate_id = "..." }]\` ` +
      `or \`services = [{ binding = "${via}", service = "..." }]\`.`;
    return [error("unbound-via", path, message, hint)];
  }
  if (kind !== "mtls-certificate" || !origin.startsWith("http:")) return [];
  const message = `The URL is http, so nobody asks for the certificate of \`${via}\`, and requests travel unencrypted.`;
  return [error("unencrypted-via", ["upstreams", name, "url"], message, "Use the https address.")];
}

/** @param kind `worker`: a secret of a Secrets Store does not do, because the value is needed at the start */
function secretFindings(
  path: Found["path"],
  secret: string,
  known: Known | undefined,
  kind: "worker" | "any" = "any",
): readonly Found[] {
  if (OWN_BINDINGS.has(secret)) {
    const message = `\`${secret}\` belongs to the gateway itself and is not one of your secrets.`;
    return [error("own-binding", path, message, "Give the secret another name.")];
  }
  if (known === undefined) return [];
  const { settings, targets } = known;
  if (Object.hasOwn(settings.vars ?? {}, secret)) {
    const message = `\`${secret}\` is a var of wrangler's file, where everybody can read it.`;
    const hint = `Remove it from [vars], and set a new value with \`${putSecret(secret)}\`: others may have read this one.`;
    return [error("plain-secret", path, message, hint)];
  }
  const required = settings.secrets?.required ?? [];
  if (required.includes(secret)) return [];
  if (kind === "any" && targets.get(secret)?.kind === "stored-secret") return [];
  const list = [...required, secret].map((it) => `"${it}"`).join(", ");
  const add = `Add \`secrets = { required = [${list}] }\` to every environment, and set it with \`${putSecret(secret)}\``;
  const stored = `add \`secrets_store_secrets = [{ binding = "${secret}", store_id = "...", secret_name = "..." }]\``;
  const hint = kind === "any" ? `${add}; or ${stored}.` : `${add}.`;
  return [error("unbound-secret", path, `There is no secret \`${secret}\`.`, hint)];
}

function error(code: Found["code"], path: Found["path"], message: string, hint: string): Found {
  return { code, severity: "error", path, message, hint, reason: undefined };
}
