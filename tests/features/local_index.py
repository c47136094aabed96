"""A small package index on disk, and a registry that takes uploads: all that jobs of uv need."""

import json
import ssl
import subprocess
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from zipfile import ZipFile

TOKEN = "pypi-minted"


def write_wheel(folder: Path, name: str, version: str) -> None:
    """A wheel with one program, which prints its name and what it is given."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": f"import sys\n\ndef main():\n    print('{name}', *sys.argv[1:])\n",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[console_scripts]\n{name} = {name}:main\n",
    }
    record = "".join(f"{path},,\n" for path in (*files, f"{info}/RECORD"))
    with ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            wheel.writestr(path, text)


class Uploads:
    """What was uploaded: the user, the password and the file's name of each."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.seen: list[tuple[str, str, str]] = []


@contextmanager
def registry(certificate: tuple[Path, Path] | None = None) -> Iterator[Uploads]:
    """A server that takes uploads, and gives tokens to whom GitLab vouches for."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    scheme = "https" if certificate else "http"
    server.uploads = Uploads(f"{scheme}://127.0.0.1:{server.server_port}")  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.uploads  # type: ignore[attr-defined]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for this machine, and its key."""
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 "
        "-addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE"
    )
    paths = ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*command.split(), *paths], check=True, capture_output=True)
    return certificate, key


class _Handler(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing is printed for each request."""

    def do_GET(self) -> None:
        self._answer({"audience": "pypi"} if self.path == "/_/oidc/audience" else {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        if self.path == "/_/oidc/mint-token":
            assert json.loads(body) == {"token": "vouched"}
            self._answer({"success": True, "token": TOKEN})
            return
        user, _, password = b64decode(self.headers["Authorization"][6:]).decode().partition(":")
        name = body.partition(b'filename="')[2].partition(b'"')[0].decode()
        self.server.uploads.seen.append((user, password, name))  # type: ignore[attr-defined]
        self._answer({})

    def _answer(self, data: object) -> None:
        body = json.dumps(data).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
