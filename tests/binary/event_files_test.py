"""Does `diagnose` read each form of event file for what it is, and survive those that mean harm?"""
import json
import os
import threading
import time
import unittest

import evtx
from estate import BAD_DOCUMENT, CHANGES, FINE, Case

XML = ("<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID>20306</EventID>"
       "<Level>2</Level><TimeCreated SystemTime='2026-11-28T02:01:00Z'/><Channel>{channel}</Channel><Computer>{computer}</Computer></System>"
       "<UserData><X xmlns='x'><A>{text}</A><B>0x8009030E</B></X></UserData></Event>")
VMMS = "Microsoft-Windows-Hyper-V-VMMS"
NO_FORM = "no events of a form that is known"
ESCAPE = "\x1b]0;owned\x07\u202e\x9b31m\0"
PLAIN = {"provider": VMMS, "channel": "C", "computer": "hv01", "text": "hv02"}


def json_of(fields):
    return json.dumps([{"Id": 20306, "Level": 2, "RecordId": 1, "ProviderName": fields["provider"], "LogName": fields["channel"],
                        "MachineName": fields["computer"], "TimeCreated": fields.get("time", "2026-11-28T11:09:02+09:00"),
                        "Properties": [{"Value": fields["text"]}, {"Value": "0x8009030E"}], "Message": fields["text"]}])


def csv_of(fields):
    return ("Message,Id,ProviderName,LogName,MachineName,Level,TimeCreated\n"
            f"\"{fields['text']} 0x8009030E\",20306,{fields['provider']},{fields['channel']},{fields['computer']},2,"
            f"{fields.get('time', '28.11.2026 03:30:00')}\n")


class EventFiles(Case):
    def setUp(self):
        super().setUp()
        self.estate.write("fairway.yaml", "")

    def diagnose(self, content, status, *texts, name="events"):
        self.estate.write(name, content)
        return self.said(name, status, *texts)

    def said(self, name, status, *texts):
        said = self.estate.run("diagnose", "--events", name)
        self.assertEqual(said.status, status, str(said))
        for text in texts:
            self.assertIn(text, said.out + said.err)
        return said

    def result(self, content, status=CHANGES):
        self.estate.write("events", content)
        return self.expect(self.estate.run("diagnose", "--output", "json", "--events", "events"), status).json()

    def test_a_log_file_of_windows(self):
        """libevtx, which nobody here wrote, reads it; over several chunks."""
        events = [evtx.event(7, ["x" * 200]) for _ in range(300)] + [evtx.event(20306, ["hv02", "0x8009030E"])]
        content = evtx.write(events)
        self.assertGreater(len(content), 3 * 65536)
        result = self.result(content)
        self.assertEqual([(one["id"], one["pair"]) for one in result["causes"]], [("auth-delegation", "HV01 HV02")])
        self.assertEqual([(one["events"], one["cut"]) for one in result["event_files"]], [(301, False)])
        self.assertEqual(result["notes"], [])
        damaged = bytearray(content)
        damaged[4096:4104] = b"XXXXXXXX"
        self.diagnose(bytes(damaged), CHANGES, "auth-delegation", "of it cannot be read: a record of it is damaged, or was deleted")
        self.diagnose(content + content[4096:][:1000], CHANGES, "auth-delegation", "it ends in the middle of an event; 301 events of it were read")
        self.diagnose(content[:100], BAD_DOCUMENT, "no event of it can be read: it is damaged, so that libevtx cannot read it to its end")
        self.diagnose(content[:4096], BAD_DOCUMENT, NO_FORM)

    def test_a_log_file_whose_values_are_typed(self):
        when = (1_795_831_260 + 11_644_473_600) * 10_000_000 + 79_190
        result = self.result(evtx.write([evtx.event(7, ["x"]), evtx.typed_event(20306, when, ["hv02", 0x8009030E])]))
        self.assertEqual([(one["id"], one["pair"]) for one in result["causes"]], [("auth-delegation", "HV01 HV02")])
        self.assertIn("2026-11-28T02:01:00Z", json.dumps(result["causes"][0]["evidence"]))
        self.assertEqual(result["notes"], [])

    def test_text_pasted_from_event_viewer(self):
        one = ("Log Name:      Microsoft-Windows-Hyper-V-VMMS-Admin\r\nSource:        Microsoft-Windows-Hyper-V-VMMS\r\nEvent ID:      20306\r\n"
               "Computer:      hv01\r\nDescription:\r\nThe operation failed.\r\nEvent Xml:\r\n")
        shown = XML.format(**PLAIN).replace("<System>", "\r\n- <System>").replace("<UserData>", "\r\n- <UserData>")
        for content in (one + XML.format(**PLAIN), 3 * (one + "- " + shown + "\r\n\r\n"), "[ticket]\r\n" + one + XML.format(**PLAIN)):
            self.diagnose(content, CHANGES, "auth-delegation  HV01 → HV02")

    def test_terminal_escapes_in_each_field(self):
        for field in ("provider", "channel", "computer", "text", "time"):
            for form in (json_of, csv_of):
                fields = PLAIN | {field: PLAIN.get(field, "28.11.2026 03:30:00") + ESCAPE}
                self.estate.write("events", form(fields))
                with self.subTest(field, form=form.__name__):
                    self.shown_safely("events", CHANGES if field == "channel" or field == "text" else None)
        for field in PLAIN:
            escaped = "&#27;]0;x&#7;\u202e" if field == "text" else ESCAPE
            with self.subTest(field, form="XML"):
                self.estate.write("events", XML.format(**(PLAIN | {field: PLAIN[field] + escaped})))
                self.shown_safely("events")
        self.estate.write("a\x1b]0;x\x07.xml", "hello")
        self.shown_safely("a\x1b]0;x\x07.xml", BAD_DOCUMENT)

    def shown_safely(self, name, status=None):
        said = self.estate.run("diagnose", "--events", name)
        self.assertIn(said.status, (CHANGES, FINE) if status is None else (status,), str(said))
        for harm in ("\x1b", "\x07", "\u202e", "\x9b", "\0"):
            self.assertNotIn(harm, said.out + said.err)

    def test_a_file_that_is_large_or_nested_takes_no_longer_for_it(self):
        mega = 1 << 20
        begin = time.monotonic()
        for content, status, text in (
                (b"{" * 20 * mega, FINE, "ends in the middle"), (b'"' * 20 * mega, BAD_DOCUMENT, NO_FORM), (b'{"' * 10 * mega, FINE, "ends in the middle"),
                (b"[" * 10 * mega, BAD_DOCUMENT, NO_FORM), (b"<Event>" + b"<a>" * 3 * mega, FINE, "ends in the middle"),
                (b"<Event>" * 3 * mega + b"</Event>", BAD_DOCUMENT, "not acceptable as XML"), (b"\0" * 20 * mega, BAD_DOCUMENT, NO_FORM),
                (b"\xff" * 20 * mega, BAD_DOCUMENT, NO_FORM), (b"ElfFile\0" + b"\xff" * 20 * mega, BAD_DOCUMENT, "damaged"),
                (b"Id,TimeCreated,ProviderName" + b"," * 20 * mega, BAD_DOCUMENT, NO_FORM),
                (bytes(range(256)) * 40_000, BAD_DOCUMENT, NO_FORM), (b"x" * 65 * mega, BAD_DOCUMENT, "larger than the limit")):
            with self.subTest(content[:20]):
                self.diagnose(content, status, text)
        self.assertLess(time.monotonic() - begin, 60)  # four seconds; what is quadratic takes hours

    def test_a_million_events_are_too_many_and_one_of_sixty_megabytes_is_left_out(self):
        self.diagnose("{\"Id\":1,\"ProviderName\":\"p\",\"TimeCreated\":\"x\"}" * 1_000_000, BAD_DOCUMENT, "it has more than 200000 events")
        large = XML.format(**PLAIN | {"text": "x" * (60 << 20)})
        self.diagnose(large + XML.format(**PLAIN), CHANGES, "auth-delegation", "1 event of it cannot be read: ")
        causes = self.result(XML.format(**PLAIN) * 20_000)["causes"]
        self.assertLess(len(causes[0]["evidence"]), 10)

    def test_a_folder_and_a_pipe(self):
        os.mkdir(self.estate.file("folder"))
        self.said("folder", BAD_DOCUMENT, "Is a directory")
        self.said("missing.xml", BAD_DOCUMENT, "missing.xml")
        os.mkfifo(self.estate.file("pipe"))
        text = XML.format(**PLAIN)

        def feed():
            with open(self.estate.file("pipe"), "w", encoding="utf-8") as f:
                f.write(text)
        writer = threading.Thread(target=feed, daemon=True)
        writer.start()
        self.said("pipe", CHANGES, "auth-delegation")
        writer.join()


if __name__ == "__main__":
    unittest.main()
