import { InputError } from "../args/exit-code.ts";
import { type CognitoServer, type CognitoSettings, descriptionOf, type ScopeDeclaration } from "./settings.ts";

/**
 * What a resource server or client loses in Cognito, which knows fewer characters in names, no empty description and no
 * implications: kept beside it, so that an import gives back what was exported.
 */
export interface Lost {
  /** The name of a resource server, or the identifier of a client. */
  readonly name?: string;
  /** The declarations of scopes that are more than a description Cognito takes. */
  readonly scopes?: Readonly<Record<string, ScopeDeclaration>>;
}

/** The limits of Cognito's API (`CreateResourceServer`, `CreateUserPoolClient`), in characters and items. */
const MAX_NAME_LENGTH = 256;
const MAX_CLIENT_NAME_LENGTH = 128;
const MAX_DESCRIPTION_LENGTH = 256;
const MAX_SCOPES_PER_SERVER = 100;
const MAX_SCOPES_PER_CLIENT = 50;
const IDENTIFIER = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
const SCOPE_NAME = /^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]{1,256}$/;

/** The name of a resource server as Cognito takes it; it demands one. */
export function serverName({ name, identifier }: CognitoServer): string {
  return fitName(name || identifier, MAX_NAME_LENGTH);
}

/** The name of a client as Cognito takes it: its identifier there is chosen by Cognito. */
export function clientName(id: string): string {
  return fitName(id, MAX_CLIENT_NAME_LENGTH);
}

/** The description of a scope as Cognito takes it. */
export function scopeDescription(shortName: string, declaration: ScopeDeclaration): string {
  return (descriptionOf(declaration) || shortName).slice(0, MAX_DESCRIPTION_LENGTH);
}

/** What `restoreServer` needs besides what Cognito holds; `undefined`: nothing. */
export function lostOfServer(server: CognitoServer): Lost | undefined {
  const bare = serverName({ ...server, name: undefined });
  const isNameLost = server.name !== undefined && (serverName(server) !== server.name || server.name === bare);
  const scopes = Object.entries(server.scopes).filter(
    ([shortName, declaration]) => declaration !== scopeDescription(shortName, declaration),
  );
  if (!isNameLost && scopes.length === 0) return undefined;
  return {
    ...(isNameLost && server.name !== undefined && { name: server.name }),
    ...(scopes.length > 0 && { scopes: Object.fromEntries(scopes) }),
  };
}

/** A resource server from what Cognito holds of it and what it lost. A scope that is gone there stays gone. */
export function restoreServer(
  identifier: string,
  name: string,
  descriptions: ReadonlyMap<string, string>,
  lost: Lost,
): CognitoServer {
  const isMadeUp = name === serverName({ identifier, name: undefined, scopes: {} });
  const scopes = Array.from(descriptions, ([shortName, description]) => {
    const kept = lost.scopes?.[shortName];
    // If it was changed since, what Cognito holds counts.
    const isCurrent = kept !== undefined && scopeDescription(shortName, kept) === description;
    return [shortName, isCurrent ? kept : description] as const;
  });
  return { identifier, name: lost.name ?? (isMadeUp ? undefined : name), scopes: Object.fromEntries(scopes) };
}

/** Throws `InputError` for what Cognito cannot hold at all, whatever it is called there. */
export function assertCognitoCanHold({ servers, clients }: CognitoSettings): void {
  const faults: string[] = [];
  for (const { identifier, scopes } of servers) {
    const names = Object.keys(scopes);
    if (!IDENTIFIER.test(identifier)) faults.push(`\`${identifier}\` cannot be the identifier of a resource server.`);
    if (names.length > MAX_SCOPES_PER_SERVER) {
      faults.push(`\`${identifier}\` has ${names.length} scopes; Cognito takes ${MAX_SCOPES_PER_SERVER} at most.`);
    }
    for (const name of names) if (!SCOPE_NAME.test(name)) faults.push(`\`${name}\` cannot be a scope in Cognito.`);
  }
  for (const { id, scopes } of clients) {
    if (scopes.length <= MAX_SCOPES_PER_CLIENT) continue;
    faults.push(`The client \`${id}\` has ${scopes.length} scopes; Cognito takes ${MAX_SCOPES_PER_CLIENT} at most.`);
  }
  if (faults.length > 0) throw new InputError(faults.join("\n"));
}

/** `[\w\s+=,.@-]+` is all that Cognito takes in a name. */
function fitName(name: string, length: number): string {
  return name.replace(/[^\w\s+=,.@-]/g, "-").slice(0, length);
}
