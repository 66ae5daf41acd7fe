import { InputError } from "../args/exit-code.ts";
import { type CognitoServer, type CognitoSettings, descriptionOf, type ScopeDeclaration } from "./settings.ts";

/**
 * The parts of a resource server or client that Cognito cannot store: some characters in names, empty descriptions and
 * implied scopes. The export writes them beside the resource, so that an import restores what was exported.
 */
export interface Lost {
  /** The name of a resource server, or the identifier of a client. */
  readonly name?: string;
  /** The declarations of scopes that Cognito's description cannot express. */
  readonly scopes?: Readonly<Record<string, ScopeDeclaration>>;
}

/** The limits of Cognito's API (`CreateResourceServer`, `CreateUserPoolClient`), in characters and in items. */
const MAX_NAME_LENGTH = 256;
const MAX_CLIENT_NAME_LENGTH = 128;
const MAX_DESCRIPTION_LENGTH = 256;
const MAX_SCOPES_PER_SERVER = 100;
const MAX_SCOPES_PER_CLIENT = 50;
const IDENTIFIER = /^[\x21\x23-\x5b\x5d-\x7e]{1,256}$/;
const SCOPE_NAME = /^[\x21\x23-\x2e\x30-\x5b\x5d-\x7e]{1,256}$/;

/** The name of a resource server in Cognito, which requires one: the identifier stands in if there is none. */
export function serverName({ name, identifier }: CognitoServer): string {
  return fitName(name || identifier, MAX_NAME_LENGTH);
}

/** The name of a client in Cognito, which chooses the identifier itself. */
export function clientName(id: string): string {
  return fitName(id, MAX_CLIENT_NAME_LENGTH);
}

/** The description of a scope in Cognito, which requires one: the name stands in if there is none. */
export function scopeDescription(shortName: string, declaration: ScopeDeclaration): string {
  return (descriptionOf(declaration) || shortName).slice(0, MAX_DESCRIPTION_LENGTH);
}

/** What `restoreServer` needs besides the data in Cognito; `undefined` if it needs nothing. */
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

/** A resource server from the data in Cognito and what was lost. A scope that was deleted in Cognito stays deleted. */
export function restoreServer(
  identifier: string,
  name: string,
  descriptions: ReadonlyMap<string, string>,
  lost: Lost,
): CognitoServer {
  // A template without a name must not empty the policy's own.
  const isMadeUp = name === "" || name === serverName({ identifier, name: undefined, scopes: {} });
  const scopes = Array.from(descriptions, ([shortName, description]) => {
    const kept = lost.scopes?.[shortName];
    // A description that was changed in Cognito since the export wins.
    const isCurrent = kept !== undefined && scopeDescription(shortName, kept) === description;
    return [shortName, isCurrent ? kept : description] as const;
  });
  return { identifier, name: lost.name ?? (isMadeUp ? undefined : name), scopes: Object.fromEntries(scopes) };
}

/** Throws `InputError` for identifiers, scope names and numbers of scopes that Cognito refuses. */
export function assertCognitoCanHold({ servers, clients }: CognitoSettings): void {
  const faults: string[] = [];
  for (const { identifier, scopes } of servers) {
    const names = Object.keys(scopes);
    if (!IDENTIFIER.test(identifier))
      faults.push(`\`${identifier}\` cannot be the identifier of a resource server in Cognito.`);
    if (names.length > MAX_SCOPES_PER_SERVER) {
      faults.push(`\`${identifier}\` has ${names.length} scopes; Cognito allows at most ${MAX_SCOPES_PER_SERVER}.`);
    }
    for (const name of names) if (!SCOPE_NAME.test(name)) faults.push(`\`${name}\` cannot be a scope in Cognito.`);
  }
  for (const { id, scopes } of clients) {
    if (scopes.length <= MAX_SCOPES_PER_CLIENT) continue;
    faults.push(`The client \`${id}\` has ${scopes.length} scopes; Cognito allows at most ${MAX_SCOPES_PER_CLIENT}.`);
  }
  if (faults.length > 0) throw new InputError(faults);
}

/** Replaces the characters that Cognito refuses in names: it accepts `[\w\s+=,.@-]+`. */
function fitName(name: string, length: number): string {
  return name.replace(/[^\w\s+=,.@-]/g, "-").slice(0, length);
}
