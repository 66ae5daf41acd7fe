import type { PolicyConfig } from "../../policy/compile/schema/config-schema.ts";
import { UsageError } from "../args/exit-code.ts";
import { firstPolicy } from "../init/first-policy.ts";
import type { Answers } from "../init/read-answers.ts";

/** A policy with variables for what differs between environments, and the values that were given. */
export interface ProjectPolicy {
  readonly file: PolicyConfig;
  readonly vars: Readonly<Record<string, string>>;
}

/** The path of the JSON Schema in a project, for editors. A newer version of Scopegate has it at the same place. */
const SCHEMA = "./node_modules/scopegate/lib/policy/routes.schema.json";

const ISSUER = "ISSUER_URL";

/**
 * The first policy of a project. The addresses of the issuer and of the upstreams are vars, because they differ between
 * environments.
 *
 * @throws UsageError two upstreams would share a var
 */
export function projectPolicy({ answers, found }: Answers): ProjectPolicy {
  const vars: Record<string, string> = { [ISSUER]: answers.issuer };
  const upstreams = answers.upstreams.map(({ name, url }) => {
    const variable = `${name.toUpperCase().replaceAll("-", "_")}_URL`;
    if (Object.hasOwn(vars, variable)) {
      throw new UsageError(
        `--upstream: The var ${variable} is taken already. Give the upstream \`${name}\` another name.`,
      );
    }
    vars[variable] = url;
    return { name, url: reference(variable) };
  });
  const first = firstPolicy({ ...answers, upstreams }, found.settings);
  const issuers = Object.entries(first.issuers ?? {}).map(([name, issuer]) => [
    name,
    {
      ...issuer,
      issuer: reference(ISSUER),
      ...(issuer.audiences && {
        audiences: issuer.audiences.map((it) => (it === answers.issuer ? reference(ISSUER) : it)),
      }),
      ...(issuer.jwksUri && { jwksUri: underIssuer(issuer.jwksUri, answers.issuer) }),
    },
  ]);
  return { file: { $schema: SCHEMA, ...first, issuers: Object.fromEntries(issuers) }, vars };
}

/** The address of the keys: by the issuer's var if it begins with the issuer, so that each environment has its own. */
function underIssuer(jwksUri: string, issuer: string): string {
  return jwksUri.startsWith(issuer) ? reference(ISSUER) + jwksUri.slice(issuer.length) : jwksUri;
}

function reference(variable: string): string {
  return `\${${variable}}`;
}
