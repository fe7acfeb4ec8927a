"""What the tests of `watch` share: a webhook's server on loopback, and an estate that is watched."""
import http.server
import json
import os
import ssl
import threading
import time

from estate import Case, clock


class Hook:
    """A webhook's server on loopback, which keeps what it takes."""

    def __init__(self, tls=None):
        hook = self
        self.status, self.taken, self.tries, self.delay = 204, [], 0, 0

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.tries += 1
                time.sleep(hook.delay)
                if hook.status < 300:
                    hook.taken.append((dict(self.headers), body))
                self.send_response(hook.status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = f"{'https' if tls else 'http'}://localhost:{self.port}/hook?x=1"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def messages(self):
        return [json.loads(body) for _, body in self.taken]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def about(findings):
    return sorted((one["object"], one["setting"]) for one in findings)


def later(minutes):
    return clock(f"{minutes * 60:+d}s")


class Watch(Case):
    def hook(self, **more):
        one = Hook(**more)
        self.addCleanup(one.close)
        return one

    def once(self, status, *arguments, minutes=0, env=None, **more):
        said = self.estate.run("watch", "--once", *arguments, env={**(later(minutes) if minutes else {}), **(env or {})}, **more)
        self.assertEqual(said.status, status, str(said))
        return said

    def good(self):
        self.estate.change_world(lambda world: world["hosts"]["HV03"].update({"migration.authentication": "kerberos"}))

    def bad(self):
        self.estate.change_world(lambda world: world["hosts"]["HV03"].update({"migration.authentication": "credssp"}))

    def script(self, name, text):
        self.estate.write(name, text)
        os.chmod(self.estate.file(name), 0o755)
        return self.estate.file(name)
