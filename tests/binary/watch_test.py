"""`watch`: who is told what, once, on each way; and what a full disk and a server that is down make of it. The server of the webhook
and the program for mail are ours; times are made by libfaketime."""
import hashlib
import hmac
import json
import os
import re
import signal
import stat
import subprocess

import jsonschema

from estate import BAD_DOCUMENT, CHANGES, CHANGES_UNREAD, ERROR, FINE, REFUSED, STORAGE, USAGE
from watch import Watch, about, later

SECRET = "a secret of the hook, long enough"


class Telling(Watch):
    def test_a_finding_is_told_once_reminded_and_its_end_is_told(self):
        hook, way = self.hook(), None
        way = ("--tell", f"webhook={hook.url}", "--remind", "24h")
        self.once(CHANGES, *way)
        self.once(CHANGES, *way, minutes=15)
        first, = hook.messages()
        self.assertEqual(len(first["alarms"]), 6)
        self.assertIn(("HV03", "migration.authentication"), about(first["alarms"]))
        self.estate.apply()
        self.once(FINE, *way, minutes=30)
        self.bad()
        self.once(CHANGES, *way, minutes=45)
        self.once(CHANGES, *way, minutes=45 + 24 * 60)
        _, over, again, reminder = hook.messages()
        self.assertEqual(about(over["recoveries"]), about(first["alarms"]))
        self.assertEqual({one["how_ended"] for one in over["recoveries"]}, {"complies"})
        self.assertEqual((over["alarms"], over["open"], about(again["alarms"])), ([], 0, [("HV03", "migration.authentication")]))
        self.assertEqual((about(reminder["reminders"]), reminder["alarms"]), (about(again["alarms"]), []))
        self.assertEqual(len({one["id"] for one in hook.messages()}), 4)
        schema = self.estate.run("schema", "alarms").json()
        jsonschema.Draft202012Validator.check_schema(schema)
        for message in hook.messages():
            jsonschema.validate(message, schema, cls=jsonschema.Draft202012Validator)

    def test_it_says_whether_one_of_our_runs_wrote_it_and_for_which_ticket(self):
        self.estate.run("plan", "--out", "plan.json", "--ticket", "CHG0041")
        self.expect(self.estate.run("apply", "plan.json"), FINE)
        policy = self.estate.read("policy.yaml").decode()
        self.estate.write("policy.yaml", policy.replace("migration.authentication: kerberos", "migration.authentication: credssp"))
        self.assertNotEqual(policy.encode(), self.estate.read("policy.yaml"))
        self.once(CHANGES, "--host", "HV03")
        path = next(name for name in os.listdir(self.estate.path) if name.startswith("watch-") and name.endswith(".json"))
        state = json.loads(self.estate.read(path))
        wrote = {one["subject"]["setting"]: one["detail"]["wrote"] for one in state["episodes"]}["migration.authentication"]
        self.assertEqual((wrote["whose"], wrote["ticket"]), ("ours", "CHG0041"))

    def test_messages_are_signed_with_the_secret_of_a_file(self):
        hook = self.hook()
        secret = self.estate.file(self.estate.write("secret", SECRET + "\n"))
        way = ("--tell", f"webhook={hook.url}", "--webhook-secret", secret)
        self.expect(self.estate.run("watch", "--once", *way), USAGE, "secret")  # others may read it
        os.chmod(secret, 0o600)
        self.once(CHANGES, *way)
        (headers, body), = hook.taken
        made = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
        self.assertEqual(headers["X-Fairway-Signature"], "sha256=" + made)
        self.assertEqual((headers["X-Fairway-Id"], headers["Content-Type"]), (json.loads(body)["id"], "application/json"))

    def test_a_server_that_is_down_is_told_the_same_message_later_and_once(self):
        hook = self.hook()
        way = ("--tell", f"webhook={hook.url}")
        for hook.status in (500, 302):
            self.expect(self.estate.run("watch", "--once", *way, env=later(0 if hook.status == 500 else 2)), ERROR,
                        f"the server answered with HTTP status {hook.status}", "not everybody was told")
        hook.status = 204
        self.once(ERROR, *way, minutes=2)  # not due yet
        self.assertEqual(hook.tries, 2)
        self.good()
        self.once(CHANGES, *way, minutes=30)
        first, second = hook.messages()
        self.assertEqual((len(first["alarms"]), first["recoveries"]), (6, []))
        self.assertEqual((second["alarms"], about(second["recoveries"])), ([], [("HV03", "migration.authentication")]))
        self.once(CHANGES, *way, minutes=60)
        self.assertEqual(len(hook.taken), 2)

    def test_what_could_not_be_read_is_no_recovery(self):
        hook = self.hook()
        way = ("--tell", f"webhook={hook.url}")
        self.once(CHANGES, *way)
        self.estate.fault("read", "unreachable", "HV03", times=1000)
        self.once(CHANGES_UNREAD, *way, minutes=15)
        down = hook.messages()[-1]
        self.assertEqual((down["recoveries"], [one["sort"] for one in down["alarms"]]), ([], ["unread"] * len(down["alarms"])))
        self.assertEqual({one["object"] for one in down["alarms"]}, {"HV03"})
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").decode() + "nonsense: 1\n")
        self.expect(self.estate.run("watch", "--once", *way, env=later(30)), BAD_DOCUMENT, "nonsense")
        self.assertEqual(len(hook.taken), 2)
        self.estate.write("policy.yaml", self.estate.read("policy.yaml").decode().replace("nonsense: 1\n", ""))
        self.estate.change_world(lambda world: world.pop("faults"))
        self.once(CHANGES, *way, minutes=45)
        again = hook.messages()[-1]
        self.assertEqual((again["alarms"], about(again["recoveries"])), ([], about(down["alarms"])))

    def test_hosts_that_are_left_out_by_hand_are_not_over(self):
        hook = self.hook()
        way = ("--tell", f"webhook={hook.url}")
        self.once(CHANGES, *way)
        self.once(CHANGES, "--host", "HV01,HV02", minutes=5)  # and on no way
        self.once(CHANGES, *way, "--except", "HV03", minutes=10)
        self.once(CHANGES, *way, minutes=15)
        self.assertEqual({one["sort"] for message in hook.messages()[1:] for one in message["alarms"] + message["recoveries"]}
                         - {"unread"}, set())  # what can be judged of a host may depend on the others

    def test_a_command_gets_its_arguments_as_they_are_and_json_on_its_input(self):
        program = self.script("tell.py", "#!/usr/bin/python3\nimport json, os, sys\n"
                              "json.dump([sys.argv[1:], json.load(sys.stdin), sorted(os.environ)], open('told.json', 'w'))\n")
        arguments = ["a b", "$(touch hacked)", "*"]
        self.once(CHANGES, "--tell", "command=" + json.dumps([program, *arguments]), env={"NOTIFY_SOCKET": "@x"})
        said, message, names = json.loads(self.estate.read("told.json"))
        self.assertEqual((said, len(message["alarms"])), (arguments, 6))
        self.assertNotIn("NOTIFY_SOCKET", names)
        self.assertNotIn("hacked", os.listdir(self.estate.path))
        failing = self.script("fail", "#!/bin/sh\nexit 3\n")
        self.expect(self.estate.run("watch", "--once", "--tell", f"command={failing}"), ERROR, "ended with status 3")

    def test_mail_goes_to_sendmail(self):
        program = self.script("sendmail", '#!/bin/sh\necho "$@" > args\ncat > mail\n')
        self.once(CHANGES, "--tell", "mail=ops@corp.example", "--sendmail", program)
        self.assertEqual(self.estate.read("args"), b"-t -i\n")
        mail = self.estate.read("mail").decode()
        self.assertTrue(mail.startswith("To: ops@corp.example\nSubject: Fairway, "), mail)
        self.assertIn(": 6 new\n", mail.split("\n\n")[0])
        self.assertIn("HV03  migration.authentication  is credssp, wanted kerberos", mail)

    def test_https_is_verified(self):
        for minutes, kind, right, wrong in ((30, "DNS", "localhost", "127.0.0.1"), (60, "IP", "127.0.0.1", "localhost")):
            with self.subTest(right):
                subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                                "key", "-out", "cert", "-days", "2", "-subj", "/CN=x", "-addext", f"subjectAltName={kind}:{right}"],
                               cwd=self.estate.path, check=True, capture_output=True)
                both = self.estate.write("both", self.estate.read("key") + self.estate.read("cert"))
                hook = self.hook(tls=self.estate.file(both))
                way = ("--tell", f"webhook={hook.url.replace('localhost', right)}")
                self.expect(self.estate.run("watch", "--once", *way), ERROR, f"no TLS connection to {right}")
                trusted = {"SSL_CERT_FILE": self.estate.file("cert")}
                away = ("--tell", f"webhook={hook.url.replace('localhost', wrong)}")
                self.expect(self.estate.run("watch", "--once", *away, env=trusted), ERROR, f"no TLS connection to {wrong}")
                self.assertEqual(hook.tries, 0)
                self.once(CHANGES, *way, minutes=minutes, env=trusted)
                self.assertEqual(len(hook.messages()[0]["alarms"]), 6)

    def test_what_is_refused(self):
        for words, arguments in {
                "--every TIME, or --once": [], "like 15m": ["--every", "1s"], "takes webhook=URL": ["--once", "--tell", "pager=1"],
                "goes to this machine alone": ["--once", "--tell", "webhook=http://hook.example/"],
                "plain address": ["--once", "--tell", "mail=a@b.example,c@d.example"],
                "full path of a program": ["--once", "--tell", "command=true"],
                "cannot be started": ["--once", "--tell", "command=/nope"], "twice": ["--once"] + ["--tell", "command=/bin/true"] * 2,
                "this machine alone": ["--every", "15m", "--listen", "0.0.0.0:9469"]}.items():
            with self.subTest(words):
                self.expect(self.estate.run("watch", *arguments), USAGE, words)
        self.assertEqual([name for name in os.listdir(self.estate.path) if re.fullmatch("watch-.*json", name)], [])


class State(Watch):
    def path(self):
        return self.estate.file(next(one for one in os.listdir(self.estate.path) if re.fullmatch(r"watch-.*\.json", one)))

    def test_it_is_for_its_owner_and_believed_only_then(self):
        self.once(CHANGES)
        self.assertEqual(stat.S_IMODE(os.stat(self.path()).st_mode), 0o600)
        os.chmod(self.path(), 0o666)
        self.expect(self.estate.run("watch", "--once"), REFUSED, "not a file of ours alone")
        os.chmod(self.path(), 0o600)
        text = self.estate.read(self.path())
        self.estate.write(self.path(), text[:-40])
        self.expect(self.estate.run("watch", "--once"), STORAGE, "put it aside")
        self.estate.write(self.path(), text.replace(b'"estate":"', b'"estate":"other', 1))
        self.expect(self.estate.run("watch", "--once"), REFUSED, "is the state of the estate other")

    def test_a_disk_that_is_full_keeps_everybody_untold_and_the_old_state(self):
        hook = self.hook()
        self.once(CHANGES)
        before = self.estate.read(self.path())
        said = self.estate.run("watch", "--once", "--tell", f"webhook={hook.url}", env=later(15), preexec_fn=no_room)
        self.assertEqual(said.status, STORAGE, str(said))
        self.assertEqual((self.estate.read(self.path()), hook.tries), (before, 0))
        self.once(CHANGES, "--tell", f"webhook={hook.url}", minutes=30)
        self.assertEqual(len(hook.messages()[0]["alarms"]), 6)


def no_room():
    """No file can grow beyond a few bytes, as on a full disk."""
    import resource
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
