package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"

	"github.com/golang-jwt/jwt/v5"
)

// keysAt fetches the keys once. It stands in for keyfunc, which Debian does not have.
func keysAt(url string) jwt.Keyfunc {
	var set struct{ Keys []struct{ Kid, X, Y string } }
	response, err := http.Get(url)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	if err := json.NewDecoder(response.Body).Decode(&set); err != nil {
		panic(err)
	}
	number := func(text string) *big.Int {
		bytes, _ := base64.RawURLEncoding.DecodeString(text)
		return new(big.Int).SetBytes(bytes)
	}
	return func(token *jwt.Token) (interface{}, error) {
		for _, key := range set.Keys {
			if key.Kid == token.Header["kid"] {
				return &ecdsa.PublicKey{Curve: elliptic.P256(), X: number(key.X), Y: number(key.Y)}, nil
			}
		}
		return nil, errors.New("unknown kid")
	}
}

func main() {
	var settings struct{ Issuer, TrustDomain, JwksUrl string }
	if err := json.Unmarshal([]byte(os.Getenv("ORIGIN_SETTINGS")), &settings); err != nil {
		panic(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	handler := verifyAssertion(settings.Issuer, settings.TrustDomain, keysAt(settings.JwksUrl),
		func(w http.ResponseWriter, _ *http.Request, claims jwt.MapClaims) {
			json.NewEncoder(w).Encode(map[string]interface{}{"subject": claims["sub"]})
		})
	fmt.Printf("http://%s\n", listener.Addr())
	panic(http.Serve(listener, handler))
}
