"""PyJWT[crypto] 2.6 or newer, for any ASGI server: app = VerifyAssertion(app, ISSUER, TRUST_DOMAIN, JWKS_URL)."""
import asyncio, base64, hashlib, jwt

class VerifyAssertion:
    def __init__(self, app, issuer, trust_domain, jwks_url):
        self.app, self.keys = app, jwt.PyJWKClient(jwks_url, lifespan=300)
        self.rules = {"algorithms": ["ES256"], "issuer": issuer, "audience": trust_domain, "leeway": 5,
                      "options": {"require": ["iss", "aud", "exp", "iat", "sub"]}}

    async def __call__(self, scope, receive, send):
        if scope["type"] != "lifespan":
            try:
                scope["assertion"] = await asyncio.to_thread(self.verify, scope)
            except Exception:  # Every doubt is a refusal. A WebSocket that is closed before it opens gets 403.
                if scope["type"] != "http":
                    return await send({"type": "websocket.close"})
                await send({"type": "http.response.start", "status": 401, "headers": []})
                return await send({"type": "http.response.body", "body": b"No valid assertion of the gateway."})
        await self.app(scope, receive, send)

    def verify(self, scope):
        [token] = [value.decode() for name, value in scope["headers"] if name == b"txn-token"]
        claims = jwt.decode(token, self.keys.get_signing_key_from_jwt(token).key, **self.rules)
        hashed = base64.urlsafe_b64encode(hashlib.sha256(scope["query_string"]).digest()).rstrip(b"=").decode()
        asked = {"method": scope.get("method", "GET"), "path": scope["raw_path"].decode(), "query_sha256": hashed}
        if jwt.get_unverified_header(token)["typ"] != "txntoken+jwt" or asked.items() - claims["rctx"].items():
            raise PermissionError("The assertion is of another type, or for another request.")
        return claims
