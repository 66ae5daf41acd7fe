import { formatColumns } from "../output.ts";
import type { WranglerEnvironment } from "../policy-file/read-environments.ts";
import { patternOf, routesOf } from "./exposure.ts";

/**
 * What each environment of wrangler's file would deploy: the name of the Worker, and where it can be called. One line
 * each.
 *
 * @param topLevel the name by which commands know the top level
 */
export function describeTargets(environments: readonly WranglerEnvironment[], topLevel: string): readonly string[] {
  return formatColumns(
    environments.map((environment) => {
      const name = environment.name || topLevel;
      return [
        name.includes(" ") ? `--env "${name}"` : `--env ${name}`,
        environment.settings.name ?? "a Worker without a name",
        addressesOf(environment),
      ];
    }),
  );
}

function addressesOf(environment: WranglerEnvironment): string {
  const { workers_dev } = environment.settings;
  const patterns = routesOf(environment).map(([, route]) => patternOf(route));
  const all = [...patterns, ...((workers_dev ?? patterns.length === 0) ? ["workers.dev"] : [])];
  return all.length > 0 ? `at ${all.join(", ")}` : "at no address: add a custom domain to its `routes`";
}
