"""A simulated host that a test starts for itself, at an address of its own: another body of one of the estate's hosts, with
that host's account and certificate. So a test has as many hosts beside each other as it likes, and a lab stays small.

Its state is read by Python's own HTTP and TLS, in the envelopes of wsman.sh: none of the project's code, and no process.
"""
import base64
import http.client
import json
import os
import socket
import ssl
import subprocess
import urllib.request

import outside
from loop_tools import wait_until


def envelope(kind):
    """Asks for the instances of a class of `outside.CLASSES`; made once, by wsman.sh."""
    script = f'source "{outside.HERE}/wsman.sh"; post() {{ cat; }}; enumerate - $VIRT {outside.CLASSES[kind]}'
    return outside.tool("bash", "-c", script).encode()


def secret(name):
    with open(outside.lab(name), encoding="utf-8") as text:
        return text.read()


class Host:
    """name: whose body it is; number: from 1, among those that a test starts."""

    envelopes = {}

    def __init__(self, name, number):
        self.name, self.address = name, f"127.0.20.{number}"
        self.full_name = f"{name}.{outside.lab('DOMAIN')}"
        self.port, self.tls_port = int(outside.lab("PORT")), int(outside.lab("TLS_PORT"))
        self.trust = ssl.create_default_context(cafile=outside.lab("CA"))
        pair = f"{outside.lab('BASIC_USER')}:{secret('BASIC_PASSWORD_FILE')}"
        self.headers = {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode(),
                        "Content-Type": "application/soap+xml;charset=UTF-8"}
        self.start()
        wait_until(f"{name} at {self.address} listens", self.listens)

    def start(self):
        with open(outside.lab("ESTATE"), encoding="utf-8") as text:
            estate = json.load(text)
        for host in estate["hosts"]:
            if host["name"].lower() == self.name:
                host["address"] = self.address
        base = f"{outside.lab('DIR')}/log/{self.name}-at-{self.address}"
        with open(f"{base}.json", "w", encoding="utf-8") as text:
            json.dump(estate, text)
        keys = outside.lab("KEYS")
        with open(f"{base}.log", "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [os.environ["HVHOST"], "--estate", f"{base}.json", "--host", self.name,
                 "--keytab", f"{keys}/{self.name}.keytab", "--users", f"{keys}/basic.users",
                 "--ntlm-users", f"{keys}/ntlm.users", "--ldap", f"ldap://{outside.lab('DC')}",
                 "--certs", outside.lab("CERTS"), "--ca", outside.lab("CA")],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)

    def listens(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.name} at {self.address} has ended with status {self.process.returncode}")
        try:
            socket.create_connection((self.address, self.tls_port), outside.PATIENCE).close()
        except ConnectionRefusedError:
            return False
        return True

    def control(self, path, message):
        """The host's own switches, see CONTROLS.md."""
        request = urllib.request.Request(f"http://{self.address}:{self.port}/lab/{path}",
                                         data=None if message is None else json.dumps(message).encode())
        with urllib.request.urlopen(request, timeout=outside.PATIENCE) as reply:
            return json.load(reply)

    def instances(self, *kinds):
        """The reply to Enumerate for each of them, as it comes; on one connection."""
        plain = socket.create_connection((self.address, self.tls_port), outside.PATIENCE)
        connection = http.client.HTTPConnection(self.address, self.tls_port)
        connection.auto_open = False
        connection.sock = self.trust.wrap_socket(plain, server_hostname=self.full_name)
        try:
            return [self.ask(connection, kind) for kind in kinds]
        finally:
            connection.close()

    def ask(self, connection, kind):
        if kind not in self.envelopes:
            self.envelopes[kind] = envelope(kind)
        connection.request("POST", "/wsman", self.envelopes[kind], self.headers)
        reply = connection.getresponse()
        text = reply.read().decode()
        if reply.status != 200:
            raise RuntimeError(f"{self.name} answers {kind} with {reply.status}:\n{text}")
        return text
