import type { Fault } from "../../policy/fault.ts";
import type { WranglerEnvironment, WranglerRoute } from "../policy-file/read-environments.ts";
import type { PolicyAddresses } from "./policy-addresses.ts";

/**
 * What is wrong with a deployment, by the code of the finding. An error lets requests pass the gateway or reveals them,
 * or the gateway would not work there.
 */
export const DEPLOYMENT_CODES = {
  "workers-dev": "error",
  "version-urls": "error",
  "partial-route": "error",
  "upstream-loop": "error",
  "made-up-namespace": "error",
  "shared-namespace": "error",
  "shared-rate-limit": "warning",
  "missing-binding": "error",
  "private-fetch": "error",
  "static-assets": "error",
  "response-cache": "error",
  "request-logs": "error",
  "missing-version": "warning",
  "missing-cron": "warning",
  "tail-consumer": "warning",
  "unsafe-setting": "warning",
  "no-limits": "notice",
  placeholder: "notice",
} as const;
export type DeploymentCode = keyof typeof DEPLOYMENT_CODES;

/** Something that is wrong with the deployment of one environment. */
export interface Exposure extends Fault {
  readonly code: DeploymentCode;
  /** The file that the path is in. */
  readonly source: "wrangler" | "policy";
}

/** What a deployment of one environment is checked with. */
export interface Deployment {
  readonly environment: WranglerEnvironment;
  /** All environments of the file, this one included. */
  readonly all: readonly WranglerEnvironment[];
  readonly addresses: PolicyAddresses;
}

/** A rule about a deployment. */
export type DeploymentRule = (deployment: Deployment) => readonly Exposure[];

/** A finding about a setting of the environment. */
export function aboutSetting(
  { environment }: Deployment,
  code: DeploymentCode,
  setting: Fault["path"],
  message: string,
  hint: string,
): Exposure {
  return { code, source: "wrangler", path: settingPath(environment, setting), message, hint };
}

/** The path of a setting in wrangler's file. */
function settingPath({ name }: Pick<WranglerEnvironment, "name">, setting: Fault["path"]): Fault["path"] {
  return name === "" ? setting : ["env", name, ...setting];
}

/** The routes of an environment, each with its path below the environment. */
export function routesOf({
  settings: { route, routes },
}: WranglerEnvironment): readonly (readonly [path: Fault["path"], route: WranglerRoute])[] {
  return [
    ...(route === undefined ? [] : [[["route"], route] as const]),
    ...(routes ?? []).map((it, index) => [["routes", index], it] as const),
  ];
}

/** The pattern of a route. */
export function patternOf(route: WranglerRoute): string {
  return typeof route === "string" ? route : route.pattern;
}

/** Whether a route is a custom domain: all requests for its host come to the Worker. */
export function isCustomDomain(route: WranglerRoute): boolean {
  return typeof route !== "string" && route.custom_domain === true;
}
