"""`watch` as a service: what a service manager and Prometheus see, what a kill makes of it, and the units. The socket of the service
manager is ours; the clock runs sixty times as fast, by libfaketime."""
import contextlib
import json
import os
import re
import signal
import socket
import stat
import subprocess
import time
import urllib.request

from estate import CHANGES, FINE, HERE, LOCK_HELD, USAGE, clock
from watch import Watch, about

TOP = os.path.dirname(os.path.dirname(HERE))
EXAMPLES, UNITS = os.path.join(TOP, "examples"), os.path.join(TOP, "engine", "watch")


class Service(Watch):
    def setUp(self):
        super().setUp()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(self.estate.file("notify"))
        self.socket.settimeout(60)

    @contextlib.contextmanager
    def service(self, *arguments, env=None):
        process = self.estate.start("watch", "--every", "1m", *arguments,
                                    env={**clock("+0 x60"), "NOTIFY_SOCKET": self.estate.file("notify"), **(env or {})})
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()

    def heard(self, words, most=200):
        """What the service manager is told, until it has those words."""
        for _ in range(most):
            said = self.socket.recv(65536).decode()
            if words in said:
                return said
        self.fail(f"never said: {words}")

    def until(self, what, seconds=60):
        end = time.monotonic() + seconds
        while not what():
            self.assertLess(time.monotonic(), end, "waited in vain")
            time.sleep(0.05)

    def test_a_service_manager_hears_that_it_is_ready_lives_and_ends(self):
        hook = self.hook()
        with self.service("--tell", f"webhook={hook.url}", env={"WATCHDOG_USEC": "400000"}) as process:
            self.heard("READY=1")
            self.heard("STATUS=6 findings open; last audit 20")
            self.heard("WATCHDOG=1")
            self.until(lambda: len(hook.taken) == 1)
            locked = self.estate.run("watch", "--once")
            self.assertEqual(locked.status, LOCK_HELD, str(locked))
            self.good()
            self.until(lambda: len(hook.taken) == 2)
            process.send_signal(signal.SIGTERM)
            self.heard("STOPPING=1")
            out, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, FINE, out + err)
        self.assertEqual(out.count("new   "), 6)
        self.assertIn("over  high  HV03  migration.authentication", out)
        self.assertEqual(about(hook.messages()[1]["recoveries"]), [("HV03", "migration.authentication")])

    def children(self, process):
        said = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True, text=True).stdout
        return [int(pid) for pid in said.split()]

    def test_an_audit_that_hangs_is_ended_with_the_service(self):
        os.unlink(self.estate.file("world.json"))
        os.mkfifo(self.estate.file("world.json"))  # nobody writes to it
        with self.service() as process:
            self.heard("READY=1")
            self.until(lambda: self.children(process))
            child, = self.children(process)
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(timeout=20), FINE)
            self.assertFalse(os.path.exists(f"/proc/{child}"))

    def test_an_audit_that_crashes_is_a_finding_of_its_own(self):
        hook = self.hook()
        self.once(CHANGES, "--tell", f"webhook={hook.url}")
        world = self.estate.read("world.json")
        os.unlink(self.estate.file("world.json"))
        os.mkfifo(self.estate.file("world.json"))
        with self.service("--tell", f"webhook={hook.url}") as process:
            self.until(lambda: self.children(process))
            os.kill(self.children(process)[0], signal.SIGKILL)
            self.heard("came to no result: its process was ended by a signal")
            os.unlink(self.estate.file("world.json"))
            self.estate.write("world.json", world)
            self.until(lambda: len(hook.taken) == 3)
        down, up = hook.messages()[1:]
        self.assertEqual(([one["sort"] for one in down["alarms"]], down["recoveries"]), (["audit"], []))
        self.assertEqual((up["alarms"], [one["sort"] for one in up["recoveries"]]), ([], ["audit"]))

    def test_killed_while_a_message_goes_out_it_sends_the_same_one_again(self):
        hook = self.hook()
        hook.delay = 1
        with self.service("--tell", f"webhook={hook.url}") as process:
            self.until(lambda: hook.tries == 1)
            process.kill()
        hook.delay = 0
        self.once(CHANGES, "--tell", f"webhook={hook.url}", minutes=60)
        ids = [one["id"] for one in hook.messages()]
        self.assertEqual((len(set(ids)), hook.tries), (1, 2))
        self.assertEqual(len({body for _, body in hook.taken}), 1)

    def test_metrics_by_a_socket_and_by_a_file_are_such_for_promtool(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        with self.service("--listen", f"127.0.0.1:{port}", "--textfile", "fairway.prom", "--tell", "command=/bin/true"):
            self.heard("STATUS=6 findings open")
            self.until(lambda: os.path.exists(self.estate.file("fairway.prom")))
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                text = answer.read().decode()
            for request, status in ((b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"404"), (b"x" * 9000, b"431"),
                                    (b"GET /metrics HTTP/1.1\r\nHost: evil.example\r\n\r\n", b"403")):
                with socket.create_connection(("127.0.0.1", port)) as talk:
                    talk.sendall(request)
                    self.assertIn(status, talk.recv(100))
            slow = [socket.create_connection(("127.0.0.1", port)) for _ in range(20)]  # say nothing
            for one in slow:
                self.addCleanup(one.close)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=50) as answer:
                self.assertEqual(answer.status, 200)
        self.assertIn('fairway_audit_findings{estate="', text)
        self.assertIn('sort="value",severity="high"} ', text)
        self.assertEqual(stat.S_IMODE(os.stat(self.estate.file("fairway.prom")).st_mode), 0o644)
        for metrics in (text, self.estate.read("fairway.prom").decode()):
            judged = subprocess.run(["promtool", "check", "metrics"], input=metrics, capture_output=True, text=True)
            self.assertEqual((judged.returncode, judged.stdout + judged.stderr), (0, ""))
        self.metrics_of_the_examples(text)

    def metrics_of_the_examples(self, text):
        """Rules and dashboard name only metrics that there are."""
        rules = os.path.join(EXAMPLES, "monitoring", "fairway.rules.yaml")
        judged = subprocess.run(["promtool", "check", "rules", rules], capture_output=True, text=True)
        self.assertEqual(judged.returncode, 0, judged.stdout + judged.stderr)
        with open(rules) as file:
            named = set(re.findall(r"\bfairway_[a-z_]+", file.read()))
        with open(os.path.join(EXAMPLES, "monitoring", "dashboard.json")) as file:
            for panel in json.load(file)["panels"]:
                for target in panel["targets"]:
                    named |= set(re.findall(r"\bfairway_[a-z_]+", target["expr"]))
        self.assertGreater(len(named), 8)
        self.assertEqual(named - set(re.findall(r"^# TYPE (\S+)", text, re.M)), set())


class Units(Watch):
    def test_units_are_right_and_confined(self):
        units = sorted(one for one in os.listdir(UNITS) if one.endswith((".service", ".timer")))
        self.assertEqual(len(units), 3)
        for name in units:
            with open(os.path.join(UNITS, name)) as file:
                self.estate.write(name, file.read().replace("/usr/bin/fairway", "/bin/true"))
        judged = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], cwd=self.estate.path, capture_output=True, text=True)
        self.assertEqual((judged.returncode, judged.stderr), (0, ""))
        for name in units:
            if name.endswith(".service"):
                judged = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=15", name],
                                        cwd=self.estate.path, capture_output=True, text=True)
                self.assertEqual(judged.returncode, 0, judged.stdout[-300:] + judged.stderr)

    def test_their_command_lines_are_taken(self):
        for name in ("fairway-watch.service", "fairway-watch-once.service"):
            with open(os.path.join(UNITS, name)) as file:
                line = re.search(r"^ExecStart=/usr/bin/fairway (.*) \$WATCH_OPTIONS$", file.read(), re.M).group(1)
            said = self.estate.run(*line.replace("/etc/fairway/config.yaml", "fairway.yaml").split(), "--tell", "x=y")
            self.expect(said, USAGE, "--tell takes webhook=URL")
