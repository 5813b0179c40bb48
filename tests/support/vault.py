"""
Who keeps the keys of the tests' states: a HashiCorp Vault that hides nothing.

A passphrase would cost each of the suite's thousand commands a quarter of a second:
Pulumi hashes it a million times. What is read of a Vault here is its HTTP API for the
secrets engine "transit".
"""

import json
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Final

VAULT: Final = "hashivault://tests"
"""The provider of secrets that Pulumi is told."""

_MARK: Final = "vault:v1:"


def vault() -> dict[str, str]:
    """
    Return the environment that leads Pulumi to the Vault of this process.
    """
    return {"VAULT_SERVER_URL": _address(), "VAULT_SERVER_TOKEN": "anybody"}


@cache
def _address() -> str:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Vault)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class _Vault(BaseHTTPRequestHandler):
    """
    Answers requests to encrypt and to decrypt, both by changing nothing.
    """

    def do_PUT(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(length))
        if "plaintext" in asked:
            data = {"ciphertext": f"{_MARK}{asked['plaintext']}"}
        else:
            data = {"plaintext": asked["ciphertext"].removeprefix(_MARK)}
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """
        Print nothing.
        """
