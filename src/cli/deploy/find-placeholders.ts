import { aboutSetting, type Deployment, type Exposure, patternOf, routesOf } from "./exposure.ts";
import { placeholderIn } from "./made-up.ts";
import { hostOf, isLoopback } from "./policy-addresses.ts";

const HINT = "Replace it before you deploy: `scopegate deploy` refuses placeholders.";

/**
 * The addresses of a deployment that nobody has filled in: example domains, made-up ids of user pools and tenants, text
 * such as `your-tenant`, and loopback addresses. Looks at the routes of wrangler's file, at the vars that the policy
 * uses, and at the addresses in the policy itself. Names the placeholder, and no other part of a value.
 *
 * @param loopbackCounts whether a loopback address is a placeholder
 */
export function findPlaceholders(deployment: Deployment, loopbackCounts: boolean): readonly Exposure[] {
  const { environment, addresses } = deployment;
  const { hosts, publicUrl, issuers, upstreams, variables } = addresses;
  const find = (text: string) => {
    const found = placeholderIn(text);
    return found === undefined || (!loopbackCounts && isLoopback(found)) ? undefined : found;
  };
  const inSetting = (path: Exposure["path"], what: string, text: string): readonly Exposure[] => {
    const found = find(text);
    if (found === undefined) return [];
    return [aboutSetting(deployment, "placeholder", path, `${what} is the placeholder ${found}.`, HINT)];
  };
  // Behind a binding, the host of a URL may be any, `localhost` too: it is not looked up.
  const reached = upstreams.filter(({ url, via }) => via === undefined || !isLoopback(hostOf(url?.text) ?? ""));
  const written = [...hosts, publicUrl, ...issuers, ...reached.map(({ url }) => url)];
  return [
    ...Object.entries(environment.vars).flatMap(([name, value]) =>
      typeof value === "string" && variables.has(name) ? inSetting(["vars", name], `\`${name}\``, value) : [],
    ),
    ...routesOf(environment).flatMap(([path, route]) => inSetting(path, "The route", patternOf(route))),
    ...written.flatMap((address) => {
      const found = address?.isWritten && address.text !== undefined ? find(address.text) : undefined;
      if (address === undefined || found === undefined) return [];
      const message = `It is the placeholder ${found}.`;
      return [{ code: "placeholder", source: "policy", path: address.path, message, hint: HINT } as const];
    }),
  ];
}
