import { unstable_readConfig as readConfig } from "wrangler";

/** What one environment of a wrangler file gives the Worker that matters to `routes.json`. */
export interface WranglerEnvironment {
  /** Name of the environment; empty for the top level. */
  readonly name: string;
  /** The values for `${NAME}` in `routes.json`. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Where each service binding leads, by its name. */
  readonly services: ReadonlyMap<string, string>;
}

/**
 * The part of wrangler's configuration that is read here. Wrangler's own type depends on a package it does not ship.
 */
interface WranglerConfig {
  readonly vars?: Readonly<Record<string, unknown>>;
  readonly services?: readonly ServiceBinding[];
  readonly definedEnvironments?: readonly string[];
}

interface ServiceBinding {
  readonly binding: string;
  readonly service: string;
  readonly environment?: string;
  readonly entrypoint?: string;
}

/** Every environment of a wrangler file, the top level first. Throws wrangler's error if the file is faulty. */
export function readEnvironments(config: string): readonly WranglerEnvironment[] {
  const read = (env?: string): WranglerConfig =>
    readConfig({ config, ...(env !== undefined && { env }) }, { hideWarnings: true });
  const top = read();
  return [environment("", top), ...(top.definedEnvironments ?? []).map((name) => environment(name, read(name)))];
}

function environment(name: string, { vars = {}, services = [] }: WranglerConfig): WranglerEnvironment {
  return { name, vars, services: new Map(services.map((it) => [it.binding, targetOf(it)])) };
}

/** The Worker, with its environment and its entry point if they are named. */
function targetOf({ service, environment: its, entrypoint }: ServiceBinding): string {
  return [service, ...(its ? [`environment ${its}`] : []), ...(entrypoint ? [`entrypoint ${entrypoint}`] : [])].join(
    ", ",
  );
}
