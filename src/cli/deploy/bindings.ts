import { GATEWAY_BINDINGS } from "../../env.ts";
import { aboutSetting, type Deployment, type DeploymentRule } from "./exposure.ts";
import { isMadeUpId } from "./made-up.ts";

/** What a person can do who writes to a namespace of another environment. */
const HARMS: ReadonlyMap<string, string> = new Map([
  [GATEWAY_BINDINGS.keys, "write keys that this environment accepts"],
  [GATEWAY_BINDINGS.revocations, "undo revocations of this environment"],
]);

/**
 * The KV namespaces of the keys and of the list of revocations. Without an id, wrangler creates one at the first
 * deployment. If two environments share one, a person who controls staging can write what production believes.
 */
export const kvNamespaces: DeploymentRule = (deployment) => {
  const { environment, all } = deployment;
  const namespaces = environment.settings.kv_namespaces ?? [];
  return namespaces.flatMap(({ binding, id, preview_id }, index) => {
    const harm = HARMS.get(binding);
    if (harm === undefined || id === undefined) return [];
    const path = ["kv_namespaces", index, "id"];
    if (isMadeUpId(id)) {
      const hint = "Remove the id: wrangler then creates the namespace at the first deployment, and keeps it.";
      return [aboutSetting(deployment, "made-up-namespace", path, "The id of the KV namespace is made up.", hint)];
    }
    if (isSameId(preview_id, id)) {
      const message = `\`wrangler dev --remote\` uses the same KV namespace, so a test can ${harm}.`;
      const hint = "Remove the `preview_id`, or name another namespace.";
      return [aboutSetting(deployment, "shared-namespace", path, message, hint)];
    }
    const others = all.filter(({ name, settings }) => {
      const theirs = settings.kv_namespaces ?? [];
      return name !== environment.name && theirs.some((it) => isSameId(it.id, id) || isSameId(it.preview_id, id));
    });
    if (others.length === 0) return [];
    const names = others.map(({ name }) => name || "the top level").join(", ");
    const message = `The KV namespace is also that of ${names}, which could ${harm}.`;
    const hint = "Give each environment a namespace of its own: remove the id, and wrangler creates one.";
    return [aboutSetting(deployment, "shared-namespace", path, message, hint)];
  });
};

/** Whether two ids of namespaces are the same. Upper and lower case of the digits do not count. */
function isSameId(one: string | undefined, other: string): boolean {
  return one?.toLowerCase() === other.toLowerCase();
}

/** Bindings of the top level that an environment lacks: environments do not inherit them. And those of the gateway. */
export const missingBindings: DeploymentRule = (deployment) => {
  const { environment, all } = deployment;
  const own = new Set(bindingsOf(environment));
  const [top = environment] = all;
  const wanted = [...new Set([GATEWAY_BINDINGS.keys, ...bindingsOf(top)])];
  return [
    ...wanted
      .filter((binding) => !own.has(binding))
      .map((binding) => {
        const message = `There is no binding \`${binding}\` here.`;
        const hint =
          binding === GATEWAY_BINDINGS.keys
            ? "Add a KV namespace with that binding. It needs no id: wrangler creates it."
            : "Add the binding here, too: an environment does not inherit the bindings of the top level.";
        return aboutSetting(deployment, "missing-binding", [], message, hint);
      }),
    ...(own.has(GATEWAY_BINDINGS.version) || wanted.includes(GATEWAY_BINDINGS.version)
      ? []
      : [
          aboutSetting(
            deployment,
            "missing-version",
            [],
            `There is no binding \`${GATEWAY_BINDINGS.version}\`, so no log line names the version that decided.`,
            `Add \`version_metadata = { binding = "${GATEWAY_BINDINGS.version}" }\`.`,
          ),
        ]),
  ];
};

/** The cron trigger fetches keys before they are needed. */
export const cronTrigger: DeploymentRule = (deployment) => {
  if ((deployment.environment.settings.triggers?.crons ?? []).length > 0) return [];
  const message = "There is no cron trigger, so requests wait for keys, and removed keys are accepted for longer.";
  const hint = 'Add `triggers = { crons = ["*/5 * * * *"] }`.';
  return [aboutSetting(deployment, "missing-cron", ["triggers"], message, hint)];
};

/** Kinds of bindings that name the binding `name`. All other kinds name it `binding`. */
const NAMED_BY_NAME: ReadonlySet<string> = new Set(["ratelimits", "send_email", "durable_objects", "logfwdr"]);

/** Names of all bindings of an environment, of every kind. Vars are left out. */
function bindingsOf({ settings }: Deployment["environment"]): readonly string[] {
  const { vars: _, ...others } = settings;
  return Object.entries(others).flatMap(([kind, setting]: readonly [string, unknown]) => {
    // A kind is one binding, a list of them, or an object with a list.
    const inside: unknown = Reflect.get(Object(setting), "bindings") ?? Reflect.get(Object(setting), "producers");
    const items: readonly unknown[] = [inside ?? setting].flat();
    const names = items.map((item): unknown => Reflect.get(Object(item), NAMED_BY_NAME.has(kind) ? "name" : "binding"));
    return names.filter((name) => typeof name === "string");
  });
}
