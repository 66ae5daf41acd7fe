// Calls the local gateway with a token that is bound by DPoP (RFC 9449): node examples/dpop/call.mjs [METHOD] [PATH]
import { createHash, randomUUID } from "node:crypto";
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from "jose";

const [verb = "GET", path = "/products"] = process.argv.slice(2);
const {
  GATEWAY = "http://127.0.0.1:8787",
  ISSUER = "http://127.0.0.1:8788",
  ISS = `${ISSUER}/local_pool`,
} = process.env;
const method = verb.toUpperCase();
const url = new URL(GATEWAY + (path.startsWith("/") ? path : `/${path}`));
const SCOPE = "https://api.myecommerce.com/read:products https://api.myecommerce.com/write:orders";

const { publicKey, privateKey } = await generateKeyPair("ES256");
const jwk = await exportJWK(publicKey);
const now = Math.floor(Date.now() / 1000);
// The local issuer signs any claims. A real one writes `cnf` when the client asks for its token with a proof.
const claims = {
  iss: ISS,
  token_use: "access",
  client_id: "admin",
  sub: "admin",
  scope: SCOPE,
  iat: now,
  exp: now + 300,
};
const cnf = { jkt: await calculateJwkThumbprint(jwk) };
const signed = await ask(`${ISSUER}/admin/sign`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ ...claims, cnf }),
});
if (!signed.ok) stop(`${ISSUER} signs no token. It answers ${signed.status}.`);
const { access_token: token } = await signed.json();
const ath = createHash("sha256").update(token).digest("base64url");

/** Fetches, or says in one sentence that nothing listens there. */
function ask(target, init) {
  return fetch(target, init).catch(() =>
    stop(`Nothing answers at ${new URL(target).origin}. Run "npm run dev" in another terminal.`),
  );
}

function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** A new proof for this request. */
function proofOf(nonce) {
  return new SignJWT({
    htm: method,
    htu: url.origin + url.pathname,
    ath,
    jti: randomUUID(),
    ...(nonce && { nonce }),
  })
    .setIssuedAt()
    .setProtectedHeader({ typ: "dpop+jwt", alg: "ES256", jwk })
    .sign(privateKey);
}

async function send(name, headers) {
  const response = await ask(url, { method, headers });
  const { type } = await response.json().catch(() => ({}));
  console.log(`${name}: ${response.status} ${type?.split("/").at(-1) ?? ""}`.trimEnd());
  return response;
}

let proof = await proofOf();
const first = await send("with a proof", { authorization: `DPoP ${token}`, dpop: proof });
const nonce = first.headers.get("dpop-nonce");
if (nonce !== null) {
  proof = await proofOf(nonce);
  await send("with a proof that has the nonce", { authorization: `DPoP ${token}`, dpop: proof });
}
await send("with the same proof again", { authorization: `DPoP ${token}`, dpop: proof });
await send("as a bearer token", { authorization: `Bearer ${token}` });
