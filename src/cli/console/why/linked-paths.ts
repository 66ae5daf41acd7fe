import type { Policy } from "../../../policy/policy.ts";
import { type Html, html } from "../../print/html.ts";
import { withCode } from "../parts/prose-of.ts";
import { type Question, whyAddress } from "../parts/why-address.ts";

/** A hint, in which each path of a route leads to the same question about that path. */
export function linkedPaths(
  hint: string,
  { question, policy }: { readonly question: Question; readonly policy: Pick<Policy, "routes"> },
): readonly Html[] {
  return withCode(hint, (code) => {
    if (!code.startsWith("/")) return html`<code>${code}</code>`;
    const address = whyAddress({ ...question, path: pathFor(code, policy) });
    return html`<a href="${address}"><code>${code}</code></a>`;
  });
}

/** A path that a pattern matches, if the text is a pattern of the policy. Any other path is asked about as it is. */
function pathFor(text: string, { routes }: Pick<Policy, "routes">): string {
  const isPattern = routes.some(({ path }) => path === text);
  return isPattern ? text.replace(/:[^/]+|\*$/g, "1") : text;
}
