"""Somebody who takes callers at a port of his own until the test is over, and speaks with each in a thread.

What is said is for those who derive from it: `serve(connection)`. Standard library alone, because tests/binary uses it too.
"""
import contextlib
import socket
import threading

MOST_CALLERS = 100_000  # more than any test has: a program that dials without end gets no further


class Listener:
    """callers: connections so far. Listens as soon as it is made, so what `serve` needs must be there before; until `close`,
    or the end of a `with`."""

    patience_s = 20  # of silence, after which a caller is given up

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

    def both_ways(self, caller, beyond, seen=lambda part, by_caller: None):
        """Passes on what either says until both have ended; `seen` gets all of it."""
        back = threading.Thread(target=self.pump, args=(beyond, caller, lambda part: seen(part, False)), daemon=True)
        back.start()
        self.pump(caller, beyond, lambda part: seen(part, True))
        back.join(self.patience_s)

    @staticmethod
    def pump(source, sink, seen):
        with contextlib.suppress(OSError):  # the other way has ended
            while part := source.recv(65536):
                seen(part)
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
