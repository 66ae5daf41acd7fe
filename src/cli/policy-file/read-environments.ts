import { unstable_getVarsForDev as getVarsForDev, unstable_readConfig as readConfig } from "wrangler";

/** What one environment of a wrangler file gives the Worker that matters to `routes.json`. */
export interface WranglerEnvironment {
  /** Name of the environment; empty for the top level. */
  readonly name: string;
  /** The values for `${NAME}` in `routes.json`. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Where each service binding leads, by its name. */
  readonly services: ReadonlyMap<string, string>;
  /** All settings of the environment, those that it inherits included. */
  readonly settings: WranglerSettings;
}

/**
 * The part of wrangler's configuration that is read here, as wrangler validated it. Wrangler's own type depends on a
 * package it does not ship. A member that is absent is set neither in the environment nor, if it is inherited, at the
 * top level.
 */
export interface WranglerSettings {
  readonly name?: string | undefined;
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly services?: readonly ServiceBinding[];
  /** The secrets that the Worker needs. Without it, wrangler takes all. */
  readonly secrets?: { readonly required?: string[] } | undefined;
  readonly vpc_services?: readonly { readonly binding: string; readonly service_id: string }[];
  readonly vpc_networks?: readonly {
    readonly binding: string;
    readonly network_id?: string;
    readonly tunnel_id?: string;
  }[];
  readonly mtls_certificates?: readonly { readonly binding: string; readonly certificate_id: string }[];
  readonly secrets_store_secrets?: readonly {
    readonly binding: string;
    readonly store_id: string;
    readonly secret_name: string;
  }[];
  readonly analytics_engine_datasets?: readonly { readonly binding: string; readonly dataset?: string }[];
  readonly ratelimits?: readonly {
    readonly name: string;
    readonly namespace_id: string;
    readonly simple: { readonly limit: number; readonly period: number };
  }[];
  readonly definedEnvironments?: readonly string[];
  readonly workers_dev?: boolean | undefined;
  readonly preview_urls?: boolean | undefined;
  readonly route?: WranglerRoute | undefined;
  readonly routes?: readonly WranglerRoute[] | undefined;
  readonly compatibility_flags?: readonly string[];
  readonly kv_namespaces?: readonly KvNamespace[];
  readonly durable_objects?: {
    readonly bindings: readonly { readonly name: string; readonly class_name: string; readonly script_name?: string }[];
  };
  readonly migrations?: readonly { readonly new_sqlite_classes?: readonly string[] }[];
  readonly exports?: Readonly<Record<string, { readonly storage?: string }>> | undefined;
  readonly version_metadata?: { readonly binding: string } | undefined;
  readonly triggers?: { readonly crons?: readonly string[] | undefined };
  readonly observability?: Observability | undefined;
  readonly limits?: { readonly cpu_ms?: number; readonly subrequests?: number } | undefined;
  readonly assets?: { readonly run_worker_first?: boolean | readonly string[] } | undefined;
  readonly cache?: { readonly enabled?: boolean } | undefined;
  readonly tail_consumers?: readonly unknown[] | undefined;
  readonly streaming_tail_consumers?: readonly unknown[] | undefined;
  readonly unsafe?: Readonly<Record<string, unknown>> | undefined;
}

/** A route of wrangler's file: a pattern of a zone, or a custom domain. */
export type WranglerRoute =
  | string
  | { readonly pattern: string; readonly custom_domain?: boolean; readonly previews_enabled?: boolean };

interface KvNamespace {
  readonly binding: string;
  readonly id?: string;
  readonly preview_id?: string;
}

interface Observability {
  readonly enabled?: boolean;
  readonly redact_query_string?: boolean;
  readonly logs?: { readonly enabled?: boolean; readonly invocation_logs?: boolean };
  readonly traces?: { readonly enabled?: boolean };
}

interface ServiceBinding {
  readonly binding: string;
  readonly service: string;
  readonly environment?: string;
  readonly entrypoint?: string;
}

/** Every environment of a wrangler file, the top level first. Throws wrangler's error if the file is faulty. */
export function readEnvironments(config: string): readonly WranglerEnvironment[] {
  // Without a name, wrangler would read the environment that the variable CLOUDFLARE_ENV names.
  const read = (env: string): WranglerSettings => readConfig({ config, env }, { hideWarnings: true });
  const top = read("");
  return [environment("", top), ...(top.definedEnvironments ?? []).map((name) => environment(name, read(name)))];
}

/**
 * The values that `wrangler dev` would take from the file `.dev.vars` beside a wrangler file, or from `.env` if there
 * is none. They are secrets: nothing may print them. Throws if a file cannot be read.
 *
 * @param config path of the wrangler file; it need not exist
 */
export function readDevVars(
  config: string,
  { vars = {}, secrets }: WranglerSettings,
): Readonly<Record<string, string>> {
  const found = varsForDev(config, vars, secrets);
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, it]) => (it.type === "secret_text" ? [[name, it.value]] : [])),
  );
}

function varsForDev(config: string, vars: Readonly<Record<string, unknown>>, secrets: WranglerSettings["secrets"]) {
  try {
    return getVarsForDev(config, undefined, { ...vars }, undefined, true, secrets);
  } catch (cause) {
    throw new Error("The file cannot be read.", { cause });
  }
}

function environment(name: string, settings: WranglerSettings): WranglerEnvironment {
  const { vars = {}, services = [] } = settings;
  return { name, vars, services: new Map(services.map((it) => [it.binding, targetOf(it)])), settings };
}

/** The Worker, with its environment and its entry point if they are named. */
function targetOf({ service, environment: its, entrypoint }: ServiceBinding): string {
  return [service, ...(its ? [`environment ${its}`] : []), ...(entrypoint ? [`entrypoint ${entrypoint}`] : [])].join(
    ", ",
  );
}
