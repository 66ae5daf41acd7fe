import { policyFileWith } from "./policy-file.ts";

/** The identifier of the resource server of `notesFile`. */
export const NOTES = "https://notes.example";

/** A policy with all kinds of routes and two issuers, of which the second takes registered clients only. */
export function notesFile(members: Record<string, unknown> = {}) {
  return policyFileWith({
    hosts: ["notes.example", "localhost"],
    cors: { origins: ["https://app.example"] },
    issuers: {
      main: { issuer: "https://issuer.example", profile: "rfc9068", audiences: [NOTES] },
      partner: {
        issuer: "https://partner.example",
        profile: "generic",
        audiences: [NOTES],
        registeredClientsOnly: true,
      },
    },
    resourceServers: { [NOTES]: { scopes: { "read:notes": "Read notes", "write:notes": "Write notes" } } },
    clients: {
      web: { issuer: "main", scopes: ["read:notes", "write:notes"] },
      mirror: { issuer: "partner", scopes: ["read:notes"] },
    },
    upstreams: { notes: { url: "https://upstream.example" } },
    routes: [
      { path: "/notes", methods: ["GET"], scopes: ["read:notes"], upstream: "notes" },
      { path: "/notes", methods: ["POST"], scopes: { allOf: ["write:notes", "read:notes"] }, upstream: "notes" },
      { path: "/notes/:id", methods: ["GET"], authenticated: true, upstream: "notes" },
      { path: "/health", methods: ["GET"], public: true, upstream: "notes" },
    ],
    ...members,
  });
}
