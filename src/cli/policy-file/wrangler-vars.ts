import { join } from "node:path";
import { unstable_readConfig as readConfig } from "wrangler";

/** What `${NAME}` in `routes.json` and its service bindings find in one environment of `wrangler.toml`. */
export interface WranglerEnvironment {
  /** Name of the environment; empty for the top level. */
  readonly name: string;
  readonly vars: Readonly<Record<string, unknown>>;
  /** Names of the service bindings. */
  readonly services: ReadonlySet<string>;
}

/** The part of wrangler's configuration that is read here; its own type depends on a package it does not ship. */
interface WranglerConfig {
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly services?: readonly { readonly binding: string }[];
  readonly definedEnvironments?: readonly string[];
}

const CONFIG = join(import.meta.dirname, "../../../wrangler.toml");

/** Every environment of `wrangler.toml`, the top level first. Throws what wrangler throws when the file is faulty. */
export function readEnvironments(config: string = CONFIG): readonly WranglerEnvironment[] {
  const read = (env?: string): WranglerConfig =>
    readConfig({ config, ...(env !== undefined && { env }) }, { hideWarnings: true });
  const top = read();
  return [environment("", top), ...(top.definedEnvironments ?? []).map((name) => environment(name, read(name)))];
}

function environment(name: string, { vars = {}, services = [] }: WranglerConfig): WranglerEnvironment {
  return { name, vars, services: new Set(services.map(({ binding }) => binding)) };
}
