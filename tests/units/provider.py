"""A small OpenID Connect provider: a process of its own that speaks the protocol over HTTP.

`python -m tests.units.provider PORT CLIENT_ID CLIENT_SECRET PERSON...` where a person is a JSON object of claims. The
page of authorisation stands in for its sign-in form: it takes the wanted subject from `login_hint` or the first one.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Provider(BaseHTTPRequestHandler):
    issuer = client_id = client_secret = ""
    people: dict[str, dict[str, Any]] = {}
    codes: dict[str, dict[str, str]] = {}
    tokens: dict[str, dict[str, Any]] = {}

    def log_message(self, *_: Any) -> None:
        pass

    def answer(self, content: Any, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self) -> None:
        path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
        if path == "/.well-known/openid-configuration":
            self.answer(
                {
                    "issuer": self.issuer,
                    "authorization_endpoint": f"{self.issuer}/authorize",
                    "token_endpoint": f"{self.issuer}/token",
                    "userinfo_endpoint": f"{self.issuer}/userinfo",
                    "jwks_uri": f"{self.issuer}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                }
            )
        elif path == "/jwks":
            self.answer({"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key())) | {"kid": "1"}]})
        elif path == "/authorize":
            self.authorize({name: values[0] for name, values in query.items()})
        elif path == "/userinfo":
            claims = self.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))
            self.answer(claims or {"error": "invalid_token"}, 200 if claims else 401)
        else:
            self.answer({"error": "not_found"}, 404)

    def authorize(self, query: dict[str, str]) -> None:
        if query.get("client_id") != self.client_id or query.get("code_challenge_method") != "S256":
            self.answer({"error": "invalid_request"}, 400)
            return
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        self.send_response(302)
        back = urlencode({"code": code, "state": query["state"]})
        self.send_header("Location", f"{query['redirect_uri']}?{back}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = {name: values[0] for name, values in parse_qs(self.rfile.read(length).decode()).items()}
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or self.headers.get("Authorization") != f"Basic {basic}":
            self.answer({"error": "invalid_grant"}, 400)
            return
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            self.answer({"error": "invalid_grant"}, 400)
            return
        person = self.people.get(asked.get("login_hint", ""), next(iter(self.people.values())))
        told = {name: value for name, value in person.items() if name not in {"amr", "forged", "other_sub"}}
        claims = told | {"iss": self.issuer, "aud": self.client_id, "iat": int(time.time()), "exp": time.time() + 60}
        if "amr" in person:
            claims["amr"] = person["amr"]
        key = OTHER_KEY if person.get("forged") else KEY
        token = secrets.token_urlsafe(16)
        self.tokens[token] = told | ({"sub": person["other_sub"]} if "other_sub" in person else {})
        self.answer(
            {
                "access_token": token,
                "token_type": "Bearer",
                "expires_in": 60,
                "id_token": jwt.encode(claims, key, algorithm="RS256", headers={"kid": "1"}),
            }
        )


def main() -> None:
    port, Provider.client_id, Provider.client_secret, *people = sys.argv[1:]
    Provider.issuer = f"http://127.0.0.1:{port}"
    Provider.people = {claims["sub"]: claims for claims in map(json.loads, people)}
    ThreadingHTTPServer(("127.0.0.1", int(port)), Provider).serve_forever()


if __name__ == "__main__":
    main()
