// golang-jwt 5 and net/http. The guide shows how to make keyOf, which keeps the keys of the gateway.
package main

import (
	"crypto/sha256"
	"encoding/base64"
	"github.com/golang-jwt/jwt/v5"
	"net/http"
	"strings"
	"time"
)

func verifyAssertion(issuer, trustDomain string, keyOf jwt.Keyfunc, next func(http.ResponseWriter, *http.Request, jwt.MapClaims)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		claims, text := jwt.MapClaims{}, strings.Join(r.Header.Values("Txn-Token"), ",")
		token, err := jwt.ParseWithClaims(text, claims, keyOf, jwt.WithValidMethods([]string{"ES256"}))
		exp, _ := claims["exp"].(float64) // What is missing is 0, which is refused below.
		iat, _ := claims["iat"].(float64)
		rctx, _ := claims["rctx"].(map[string]interface{})
		path, query, _ := strings.Cut(r.RequestURI, "?")
		now, hash := float64(time.Now().Unix()), sha256.Sum256([]byte(query))
		if sub, _ := claims["sub"].(string); sub == "" || err != nil || token.Header["typ"] != "txntoken+jwt" || claims["iss"] != issuer ||
			claims["aud"] != trustDomain || now >= exp+5 || iat > now+5 || exp-iat > 300 || rctx["method"] != r.Method ||
			rctx["path"] != path || rctx["query_sha256"] != base64.RawURLEncoding.EncodeToString(hash[:]) {
			http.Error(w, "No valid assertion of the gateway.", http.StatusUnauthorized)
			return
		}
		next(w, r, claims)
	}
}
