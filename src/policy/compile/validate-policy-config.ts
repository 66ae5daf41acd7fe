import type { Fault, Report } from "../fault.ts";
import { type PolicyConfig, policyConfigSchema } from "./schema/config-schema.ts";
import type { Salvaged } from "./schema/salvaged.ts";
import { reportControlCharacters } from "./schema/shape/report-control-characters.ts";
import { reportNesting } from "./schema/shape/report-nesting.ts";
import { reportShapeFaults } from "./schema/shape/report-shape-faults.ts";
import { substituteVariables } from "./substitute-variables.ts";

export type { Salvaged } from "./schema/salvaged.ts";

/**
 * The first half of compiling: replaces variables, checks the shape and reports every fault. Does not check how
 * two parts of the file relate to each other.
 *
 * @param config the parsed file, any JSON value
 * @returns the parts without a fault; `undefined`: there are none
 */
export function validatePolicyConfig(
  config: unknown,
  vars: Readonly<Record<string, unknown>>,
  report: Report,
): Salvaged<PolicyConfig> | undefined {
  const faulty = new FaultyParts();
  const reportOnce: Report = (path, message, hint) => {
    // One part has one fault: a string with a missing variable is not also reported for its shape.
    if (faulty.has(path)) return;
    faulty.add(path);
    report(path, message, hint);
  };
  reportNesting(config, reportOnce);
  // From here on, recursive functions may read the config: what is nested too deeply is cut off.
  const filled = fillIn(faulty.removeFrom(config), vars, reportOnce);
  reportShapeFaults(policyConfigSchema, filled, reportOnce);
  reportControlCharacters(filled, reportOnce);
  // The schema transforms nothing, so what is left of the config has its shape.
  return faulty.removeFrom(filled) as Salvaged<PolicyConfig> | undefined;
}

/** Everything else is compiled when the Worker is built, before its vars are known. */
const MAY_CONTAIN_VARIABLES: ReadonlySet<string> = new Set<keyof PolicyConfig>([
  "assertion",
  "hosts",
  "issuers",
  "publicUrl",
  "upstreams",
]);

function fillIn(config: unknown, vars: Readonly<Record<string, unknown>>, report: Report): unknown {
  if (typeof config !== "object" || config === null || Array.isArray(config)) return config;
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      MAY_CONTAIN_VARIABLES.has(name)
        ? substituteVariables(value, vars, [name], report)
        : fillInHosts(value, HOSTS_IN[name], vars, [name], report),
    ]),
  );
}

/**
 * The parts that may contain variables only in the hosts that they name. `except`: each part also has a list of
 * exceptions, which name hosts, too.
 */
const HOSTS_IN: Readonly<Record<string, "except" | "hosts">> = { routes: "hosts", guarantees: "except" };

function fillInHosts(
  parts: unknown,
  where: "except" | "hosts" | undefined,
  vars: Readonly<Record<string, unknown>>,
  path: Fault["path"],
  report: Report,
): unknown {
  if (where === undefined || !Array.isArray(parts)) return parts;
  return parts.map((part: unknown, index) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    const hosts: unknown = Reflect.get(part, "hosts");
    const except: unknown = Reflect.get(part, "except");
    // Nearly all routes name no host.
    if (hosts === undefined && except === undefined) return part;
    const at = [...path, index];
    return {
      ...part,
      ...(hosts !== undefined && { hosts: substituteVariables(hosts, vars, [...at, "hosts"], report) }),
      ...(where === "except" &&
        except !== undefined && { except: fillInHosts(except, "hosts", vars, [...at, "except"], report) }),
    };
  });
}

/**
 * The parts of a config that have a fault, as a tree of the steps of their paths. No path is much longer than
 * `MAX_POLICY_NESTING`.
 */
class FaultyParts {
  readonly #below = new Map<string | number, FaultyParts>();
  #itself = false;

  add(path: Fault["path"]): void {
    let node: FaultyParts = this;
    for (const step of path) {
      const next = node.#below.get(step) ?? new FaultyParts();
      node.#below.set(step, next);
      node = next;
    }
    node.#itself = true;
  }

  /** Whether the part, or a part around it, has a fault. */
  has(path: Fault["path"]): boolean {
    let node: FaultyParts | undefined = this;
    for (const step of path) {
      if (node === undefined || node.#itself) break;
      node = node.#below.get(step);
    }
    return node ? node.#itself : false;
  }

  /** A copy in which each faulty part is `undefined`. */
  removeFrom(value: unknown): unknown {
    if (this.#itself) return undefined;
    if (this.#below.size === 0 || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) {
      return value.map((item, index) => {
        const faulty = this.#below.get(index);
        return faulty ? faulty.removeFrom(item) : item;
      });
    }
    const kept = new Map(Object.entries(value));
    for (const [name, faulty] of this.#below) kept.set(String(name), faulty.removeFrom(kept.get(String(name))));
    return Object.fromEntries(kept);
  }
}
