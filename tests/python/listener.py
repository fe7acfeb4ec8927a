"""Somebody who takes callers at a port of his own until the test is over, and speaks with each in a thread.

What is said is for those who derive from it: `serve(connection)`. Standard library alone, because tests/binary uses it too.
"""
import contextlib
import select
import socket
import ssl
import threading

MOST_CALLERS = 100_000  # more than any test has: a program that dials without end gets no further


class Listener:
    """callers: connections so far. Listens as soon as it is made, so what `serve` needs must be there before; until `close`,
    or the end of a `with`."""

    patience_s = 300  # of silence, after which a caller is given up

    def __init__(self, host="127.0.0.1", port=0):
        self.callers = 0
        self.listening = socket.create_server((host, port))
        self.port = self.listening.getsockname()[1]
        self.taking = threading.Thread(target=self.take_callers, daemon=True)
        self.taking.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.listening.shutdown(socket.SHUT_RDWR)  # or accept would keep the port open for one caller more
        self.taking.join(self.patience_s)
        self.listening.close()

    def take_callers(self):
        for _ in range(MOST_CALLERS):
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            self.callers += 1
            threading.Thread(target=self.speak, args=(connection,), daemon=True).start()

    def speak(self, connection):
        connection.settimeout(self.patience_s)
        # Errors of TLS are among these: a caller may refuse us, or go.
        with contextlib.suppress(OSError, EOFError), connection:
            self.serve(connection)

    def both_ways(self, caller, beyond, heard):
        """Passes on what either says until both have ended or nobody says anything: of each part what
        heard(part, by the caller?) makes of it. In one thread, because a TLS socket is for one."""
        other, open_ones = {caller: beyond, beyond: caller}, [caller, beyond]
        while open_ones:
            ready = [one for one in open_ones if isinstance(one, ssl.SSLSocket) and one.pending()]
            ready = ready or select.select(open_ones, [], [], self.patience_s)[0]
            if not ready:
                return
            for source in ready:
                part = self.part_of(source)
                if part:
                    other[source].sendall(heard(part, source is caller))
                elif part is not None:
                    open_ones.remove(source)
                    # The plain one: that of a TLS socket forgets its TLS, and what it gets from then on is read as it is.
                    socket.socket.shutdown(other[source], socket.SHUT_WR)

    def part_of(self, source):
        """What has come; none, if that was TLS' own talk."""
        source.settimeout(0)
        try:
            return source.recv(65536)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        finally:
            source.settimeout(self.patience_s)
