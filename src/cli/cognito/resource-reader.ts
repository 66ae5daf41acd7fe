import { isObject, type JsonObject } from "../../json/json-object.ts";
import { failure, success } from "../../result.ts";
import { type Lost, restoreServer } from "./names.ts";
import type { CognitoClient, CognitoServer } from "./settings.ts";
import type { Evaluate, SettingsResult, SourceFault } from "./source-fault.ts";

/** How a format calls the members of resource servers and clients. */
export interface MemberNames {
  readonly identifier: string;
  readonly serverName: string;
  readonly scopes: string;
  readonly scopeName: string;
  readonly scopeDescription: string;
  readonly clientName: string;
  readonly clientScopes: string;
  readonly userPoolId: string;
  /** The member with the client's id; `undefined` in formats that do not know it, because Cognito chooses it. */
  readonly clientId: string | undefined;
}

/** The member names of Cognito's API, which CloudFormation uses as well. */
export const API_NAMES = {
  identifier: "Identifier",
  serverName: "Name",
  scopes: "Scopes",
  scopeName: "ScopeName",
  scopeDescription: "ScopeDescription",
  clientName: "ClientName",
  clientScopes: "AllowedOAuthScopes",
  userPoolId: "UserPoolId",
  clientId: "ClientId",
} as const satisfies MemberNames;

/**
 * Reads resource servers and clients, and collects what it does not understand: an expression that cannot be evaluated,
 * a member of the wrong type, a missing or empty name. An unknown scope must not become a client without scopes, so a
 * document with a fault yields no settings at all.
 */
export class ResourceReader {
  readonly #names: MemberNames;
  readonly #evaluate: Evaluate;
  readonly #faults: SourceFault[] = [];
  readonly #servers: CognitoServer[] = [];
  readonly #clients: CognitoClient[] = [];
  /** The members that name the user pool, as JSON text. */
  readonly #pools = new Set<string>();

  constructor(names: MemberNames, evaluate: Evaluate) {
    this.#names = names;
    this.#evaluate = evaluate;
  }

  /** Reports a part that is not understood. */
  report(place: string, message: string): void {
    this.#faults.push({ place, message });
  }

  /** Reads a resource server. `lost` is what `export cognito` wrote beside it. */
  addServer(resource: JsonObject, place: string, lost: unknown = {}): void {
    const { identifier: member, serverName, scopes, scopeName, scopeDescription, userPoolId } = this.#names;
    this.#addPool(resource[userPoolId]);
    const identifier = this.#name(resource, member, place);
    const name = this.#string(resource, serverName, place) ?? "";
    const descriptions = new Map<string, string>();
    for (const [index, scope] of this.#list(resource, scopes, place)) {
      const where = `${place}.${scopes}[${index}]`;
      if (!isObject(scope)) this.report(where, "This is not an object.");
      else {
        // The list was evaluated as a whole. Evaluating text that is a result would unescape it twice.
        const short = this.#present(this.#asString(scope[scopeName], `${where}.${scopeName}`), `${where}.${scopeName}`);
        const description = this.#asString(scope[scopeDescription], `${where}.${scopeDescription}`) ?? "";
        if (short !== undefined) descriptions.set(short, description);
      }
    }
    const kept = this.#lost(lost, place);
    if (identifier !== undefined) this.#servers.push(restoreServer(identifier, name, descriptions, kept));
  }

  /** Reads a client. `label` stands for its id where the format knows neither id nor name. */
  addClient(resource: JsonObject, place: string, label: string, lost: unknown = {}): void {
    const { clientId, clientName, clientScopes, userPoolId } = this.#names;
    this.#addPool(resource[userPoolId]);
    const hasName = resource[clientName] !== undefined;
    const name =
      clientId !== undefined
        ? this.#name(resource, clientId, place)
        : hasName
          ? this.#name(resource, clientName, place)
          : label;
    const scopes: string[] = [];
    for (const [index, scope] of this.#list(resource, clientScopes, place)) {
      if (typeof scope === "string" && scope !== "") scopes.push(scope);
      else this.report(`${place}.${clientScopes}[${index}]`, "This is not the name of a scope.");
    }
    const id = this.#lost(lost, place).name ?? name;
    const knownBy = clientId !== undefined ? "id" : hasName ? "name" : "label";
    const shown = knownBy === "id" ? clientTitleOf(resource[clientName]) : undefined;
    if (id !== undefined) this.#clients.push({ id, scopes, knownBy, ...(shown !== undefined && { name: shown }) });
  }

  /** All that was read, or all faults. */
  finish(remarks: Iterable<string> = []): SettingsResult {
    if (this.#pools.size > 1) {
      const message = `There are ${this.#pools.size} user pools. Import what the AWS CLI prints about one of them.`;
      this.report(this.#names.userPoolId, message);
    }
    if (this.#faults.length > 0) return failure(this.#faults);
    const [pool] = this.#pools;
    const userPoolId: unknown = pool === undefined ? undefined : JSON.parse(pool);
    return success({
      settings: {
        servers: this.#servers,
        clients: this.#clients,
        userPoolId: typeof userPoolId === "string" && /^[\w-]+_[0-9a-zA-Z]+$/.test(userPoolId) ? userPoolId : undefined,
      },
      remarks: [...remarks],
    });
  }

  #addPool(value: unknown): void {
    if (value !== undefined) this.#pools.add(JSON.stringify(value));
  }

  /** Evaluates a value; `undefined` if it is not understood. */
  #value(value: unknown, place: string): unknown {
    const evaluated = this.#evaluate(value);
    if (evaluated.ok) return evaluated.value;
    this.report(place, evaluated.failure);
    return undefined;
  }

  /** Evaluates a member that is a string; `undefined` if it is absent or not understood. */
  #string(resource: JsonObject, name: string, place: string): string | undefined {
    const where = `${place}.${name}`;
    return Object.hasOwn(resource, name) ? this.#asString(this.#value(resource[name], where), where) : undefined;
  }

  #asString(value: unknown, place: string): string | undefined {
    if (value === undefined || typeof value === "string") return value;
    this.report(place, "This is not a string.");
    return undefined;
  }

  /** Evaluates a member that is a string, and reports it if it is absent or empty. */
  #name(resource: JsonObject, name: string, place: string): string | undefined {
    const faultsBefore = this.#faults.length;
    const value = this.#string(resource, name, place);
    return this.#present(value, `${place}.${name}`, faultsBefore);
  }

  #present(value: string | undefined, place: string, faultsBefore = this.#faults.length): string | undefined {
    if (value !== undefined && value !== "") return value;
    // An absent value with a fault of its own was reported.
    if (this.#faults.length === faultsBefore) this.report(place, value === "" ? "This is empty." : "This is missing.");
    return undefined;
  }

  /** Evaluates a member that is a list. Returns its items by index, without those that are not understood. */
  #list(resource: JsonObject, name: string, place: string): ReadonlyMap<number, unknown> {
    const items = new Map<number, unknown>();
    if (!Object.hasOwn(resource, name)) return items;
    const where = `${place}.${name}`;
    const member = resource[name];
    if (Array.isArray(member)) {
      for (const [index, item] of member.entries()) {
        const evaluated = this.#evaluate(item);
        if (evaluated.ok) items.set(index, evaluated.value);
        else this.report(`${where}[${index}]`, evaluated.failure);
      }
      return items;
    }
    const value = this.#value(member, where);
    if (Array.isArray(value)) return new Map(value.entries());
    if (value !== undefined) this.report(where, "This is not a list.");
    return items;
  }

  /** What `export cognito` wrote beside a resource. Anybody may have edited it, so its types are checked. */
  #lost(value: unknown, place: string): Lost {
    if (isLost(value)) return value;
    this.report(place, "The note that `export cognito` wrote beside this resource was changed and cannot be read.");
    return {};
  }
}

/** What people call a client. Cognito takes white space anywhere in it, and a policy only between words. */
function clientTitleOf(name: unknown): string | undefined {
  return typeof name === "string" ? name.trim().replace(/\s+/g, " ") || undefined : undefined;
}

function isLost(value: unknown): value is Lost {
  if (!isObject(value)) return false;
  const { name, scopes } = value;
  const hasName = name === undefined || typeof name === "string";
  return hasName && (scopes === undefined || (isObject(scopes) && Object.values(scopes).every(isDeclaration)));
}

function isDeclaration(value: unknown): boolean {
  if (!isObject(value)) return typeof value === "string";
  const { description, implies, ...others } = value;
  const isList = Array.isArray(implies) && implies.every((name) => typeof name === "string");
  return typeof description === "string" && (implies === undefined || isList) && Object.keys(others).length === 0;
}
