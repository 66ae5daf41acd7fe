import { acceptsIssuer, asksForBinding } from "../../../../authorize.ts";
import { bindingOf } from "../../../../requirements/binding.ts";
import { requirementsIn } from "../../../../routing/requirements-in.ts";
import type { Rule } from "../rule.ts";

/**
 * Issuers whose tokens may be bound, where nothing asks for that: a thief of a bearer token of theirs can use it on
 * every route that accepts them. Leaves out issuers whose tokens no route accepts, which `unused-issuer` finds.
 */
export const unusedBinding: Rule = ({ issuers, routes }) => {
  const reading = [...requirementsIn(routes)].filter(({ kind }) => kind !== "public");
  return Array.from(issuers.values())
    .filter((issuer) => bindingOf(issuer) === "possible")
    .map(({ name }) => ({ name, accepting: reading.filter((requirement) => acceptsIssuer(requirement, name)) }))
    .filter(({ accepting }) => accepting.length > 0 && !accepting.some(asksForBinding))
    .map(({ name }) => ({
      route: undefined,
      path: ["issuers", name, "binding"],
      message:
        "Its tokens may be bound to their sender, but no route requires that. A stolen token without a binding is still accepted.",
      hint: 'Write `"senderConstrained": true` on a route, or `required` here once all clients have bound tokens.',
    }));
};
