"""Is the page of --output html whole in itself, safe and true? What stands in its bytes is asked of each page; what it does, of
pages in a real browser (browser.py): no word of complaint, no request, everything by keyboard, and nothing that axe-core blames.
"""
import base64
import hashlib
import html.parser
import json
import os
import re
import time

from browser import Browser, Page
from estate import BAD_DOCUMENT, CHANGES, FAIRWAY, FINE, HERE, Case, Estate
from fleet import Fleet, POLICY, names_of
from forms_test import EVIL, TIME, harm

PICTURES = os.path.join(os.path.dirname(FAIRWAY), "pages")
VOID = {"meta", "input", "br", "rect", "path"}  # rect and path are closed by their slash
CSP = re.compile(r"default-src 'none'; script-src ('sha256-[^']+'); style-src ('sha256-[^']+'); base-uri 'none'; form-action 'none'; "
                 r"require-trusted-types-for 'script'; trusted-types 'none'")
NAME = "\u202egnp.exe" + "".join(EVIL)[:190]
HIDDEN = re.compile("[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Parsed(html.parser.HTMLParser):
    """The elements of a page: it says where they are not nested as they should be."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.attributes, self.texts, self.raw = [], [], [], [], {}
        self.feed(text)
        self.close()
        self.faults += self.open
        self.words = re.sub(r"\s+", " ", "".join(self.texts))

    def handle_starttag(self, tag, attrs):
        self.attributes += [(tag, key, value) for key, value in attrs]
        if tag not in VOID:
            self.open.append(tag)
        elif tag != "br":
            self.texts.append(" ")

    def handle_endtag(self, tag):
        if tag in VOID:
            return
        if not self.open or self.open.pop() != tag:
            self.faults.append(tag)
        self.texts.append(" " if tag in ("td", "th", "li", "p", "dd", "dt", "h1", "h2", "h3", "summary", "strong") else "")

    def handle_data(self, data):
        if self.open and self.open[-1] in ("script", "style"):
            self.raw.setdefault(self.open[-1], []).append(data)
        else:
            self.texts.append(data)

    def values(self, key):
        return [value for _, name, value in self.attributes if name == key]


def hashed(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


class Pages(Case):
    def page(self, folder, status, *arguments):
        said = folder.run(*arguments, "--output", "html")
        self.assertEqual(said.status, status, said.err)
        return said.out, self.look(said.out)

    def look(self, text):
        """What holds of every page, whatever is on it."""
        one = Parsed(text)
        self.assertEqual(one.faults, [])
        ids = one.values("id")
        self.assertEqual(len(ids), len(set(ids)), ids)
        for value in one.values("aria-labelledby") + [href.removeprefix("#") for href in one.values("href")]:
            self.assertIn(value, ids)
        style, (data, script) = one.raw["style"], one.raw["script"]
        self.assertEqual(CSP.fullmatch(one.values("content")[0]).groups(), (hashed(script), hashed(*style)))
        self.assertEqual([(tag, key) for tag, key, value in one.attributes
                          if key.startswith("on") or key in ("style", "src", "srcset", "action", "formaction", "xlink:href") or key == "href" and not value.startswith("#")], [])
        self.assertNotRegex("".join(style), r"url\(|@import")
        self.assertEqual({tag for tag, key, _ in one.attributes if key == "type" and tag == "script"}, {"script"})
        self.assertEqual(HIDDEN.findall(text), [])
        one.data = json.loads(data)
        return one


class Truth(Pages):
    def test_every_command_that_has_a_page(self):
        self.page(self.estate, CHANGES, "audit")
        plan = self.estate.plan()
        self.page(self.estate, FINE, "show", plan)
        self.page(self.estate, FINE, "apply", plan)
        run = self.estate.runs()[0]
        shown = self.page(self.estate, FINE, "show", run)[0]
        self.assertEqual(TIME.sub("", self.page(self.estate, FINE, "history", run)[0]), TIME.sub("", shown))
        for status, *command in ([FINE, "history"], [FINE, "verify", run], [CHANGES, "rollback", run, "--dry-run"], [FINE, "diagnose", "HV01"],
                                 [CHANGES, "spn"], [FINE, "blame", "HV01"]):
            self.page(self.estate, status, *command)
        self.assertIn("nope.yaml", self.page(self.estate, BAD_DOCUMENT, "audit", "--policy", "nope.yaml")[1].words)

    def test_a_plan_says_what_its_json_says(self):
        result = self.estate.run("plan", "--ticket", "CHG1", "--output", "json").json()
        page = self.page(self.estate, CHANGES, "plan", "--ticket", "CHG1")[1]
        for finding in result["equal_findings"]:
            for word in (finding["setting"], finding["because"], finding["rule"], finding["severity"], *finding["objects"]):
                self.assertIn(word, page.words)
        changes = [(one["object"], one["setting"]) for phase in result["plan"]["phases"] for one in phase["changes"]]
        self.assertEqual(sorted((host, one["setting"]) for one in result["equal_changes"] for host in one["objects"]), sorted(changes))
        for one in result["equal_changes"]:
            for word in (one["setting"], one["cmdlet"], one["risk"], one["undo"], *one["transition"].split(" → ")):
                self.assertIn(re.sub(r"\s+", " ", word), page.words)
        self.assertIn(f"{len(changes)} changes in {len(result['equal_changes'])} groups", page.words)
        self.assertIn(result["plan"]["digest"], page.words)
        self.assertEqual([value for value in page.values("id") if value.startswith("change-")], [f"change-{i + 1}" for i in range(len(result["equal_changes"]))])

    def drawn(self, plan, page, first="Now"):
        """The picture of a page is what its plan says: now, and after each phase."""
        letters, data = plan["path_letters"], page.data
        self.assertEqual(data["whens"], [first] + [f"After {one['phase']}" for one in plan["phases"]])
        self.assertEqual((data["conditions"], data["rests_on"]), (letters["conditions"], letters["rests_on"]))
        rows = {(one["migration_domain"], host): row for one in letters["now"] for host, row in zip(one["hosts"], one["rows"])}
        for when, phase in enumerate([{}] + plan["phases"]):
            rows |= {(one["migration_domain"], host): row for one in phase.get("path_letters", []) for host, row in zip(one["hosts"], one["rows"])}
            self.assertEqual({(one["name"], data["names"][host]): row for one in data["domains"] for host, row in zip(one["hosts"], one["rows"][when])}, rows)
            self.assertEqual("".join(rows.values()).count("."), phase.get("paths", plan["paths"])["open"])

    def test_a_plan_its_file_and_its_runs_have_the_picture_of_the_paths(self):
        name = self.estate.plan()
        plan = json.loads(self.estate.read(name))
        self.assertTrue(any("path_letters" in phase for phase in plan["phases"]))
        self.drawn(plan, self.page(self.estate, CHANGES, "plan")[1])
        self.drawn(plan, self.page(self.estate, FINE, "show", name)[1])
        self.drawn(plan, self.page(self.estate, FINE, "apply", name)[1], "Before the run")
        run = self.estate.runs()[0]
        self.drawn(plan, self.page(self.estate, FINE, "show", run)[1], "Before the run")
        back = self.estate.run("rollback", run, "--dry-run", "--output", "json").json()["plan"]
        self.assertEqual("".join(back["path_letters"]["now"][0]["rows"]).strip(".-"), "")
        self.drawn(back, self.page(self.estate, CHANGES, "rollback", run, "--dry-run")[1])

    def test_an_older_plan_file_has_counts_in_place_of_the_picture(self):
        self.estate.plan()

        def older(plan):
            del plan["path_letters"]
            for phase in plan["phases"]:
                phase.pop("path_letters", None)
        page = self.page(self.estate, FINE, "show", self.estate.forge(older))[1]
        self.assertIsNone(page.data)
        self.assertIn("Paths by phase", page.words)

    def test_limits_and_who_allowed_more_are_said_first(self):
        policy = self.estate.read("policy.yaml").decode()
        self.estate.write("policy.yaml", policy + "\nrollout: {limits: {hosts: 1, paths_closed: 10%}}\n")
        page = self.page(self.estate, CHANGES, "plan", "--allow", "hosts=3")[1]
        who = self.estate.run("plan", "--allow", "hosts=3", "--output", "json").json()["plan"]["allowed"][0]["by"]
        self.assertIn(f"It goes beyond a limit of the policy, hosts: {who} allowed 3 once.", page.words)
        self.assertIn(f" hosts 1 3, by {who} ", page.words)
        self.assertIn(" paths closed 10% ", page.words)

    def test_names_and_last_changes_say_what_their_json_says(self):
        names = self.estate.run("spn", "--output", "json").json()["service_names"]
        page = self.page(self.estate, CHANGES, "spn")[1]
        self.assertGreater(len(names["findings"]), 0)
        for one in names["findings"]:
            for word in (one["severity"], one["because"], one["advice"], *one["names"], *one["commands"]):
                self.assertIn(re.sub(r"\s+", " ", word.replace("`", "")), page.words)
        for host in names["hosts"]:
            self.assertIn(host["host"], page.words)
        run = self.estate.apply()
        page = self.page(self.estate, FINE, "blame", "HV01")[1]
        for one in self.estate.run("blame", "HV01", "--output", "json").json()["blame"]:
            self.assertIn(one["setting"], page.words)
            self.assertIn(one.get("run", run), page.words if "run" in one else run)

    def test_where_many_may_act_those_with_equal_neighbours_are_one(self):
        fleet = Fleet([20, 3], policy=POLICY)
        self.addCleanup(fleet.remove)
        for host in fleet.hosts:
            fleet.computers[host]["delegation.services"] = []
        fleet.computers["HV005"]["delegation.services"] = names_of(["HV001"])
        fleet.save()
        text, page = self.page(fleet, CHANGES, "plan")
        self.assertIn("HV001 and 18 more", text)  # all of the domain but HV005, at all of it but themselves
        self.assertIn("HV021 and 2 more", text)
        self.assertIn("each but at itself", page.words)
        self.assertEqual(len(re.findall(r'<text class="l" data-n', text)), 3)
        connections = set(re.findall(r'<path class="added" data-l="(l\d+)" data-r="(r\d+)"', text))
        self.assertEqual(len(connections), text.count('<path class="added"'))
        self.assertLess(len(connections), 8)

    def test_who_may_act_where_is_drawn_and_told(self):
        plan = self.estate.run("plan", "--output", "json").json()["plan"]
        changes = [one for phase in plan["phases"] for one in phase["changes"] if one["setting"].startswith("delegation.")]
        lines = {what: sum(len({value.split("/")[1].split(":")[0].lower() for value in one[key]}) if "add" in one else one["after"] == (key == "add") for one in changes)
                 for key, what in (("add", "added"), ("remove", "removed"))}
        text, page = self.page(self.estate, CHANGES, "plan")
        self.assertGreater(sum(lines.values()), 0)
        for what, n in lines.items():
            self.assertEqual(text.count(f'<path class="{what}"'), n)
            self.assertIn(f"{n} {what}", next(value for value in page.values("aria-label") if value.startswith("Connections")))
        for one in changes:
            for value in one.get("add", []) + one.get("remove", []):
                self.assertIn(value, page.words)

    def test_a_run_says_what_the_journal_says(self):
        run = self.estate.apply()
        result = self.estate.run("show", run, "--output", "json").json()
        self.assertEqual([(one["done"], one["changes"]) for one in result["timeline"]], [(len(one["changes"]),) * 2 for one in result["plan"]["phases"]])
        page = self.page(self.estate, FINE, "show", run)[1]
        for one in result["timeline"]:
            self.assertIn(f"{one['phase']} {one['done']} of {one['changes']} change", page.words)
            self.assertIn(f"{one['begun']} to {one['known']}", page.words)
        applied = self.page(self.estate, FINE, "history", run)[1]
        self.assertIn(f"Run {run} ended: complete. 6 of 6 changes done.", applied.words)

    def test_the_same_estate_has_the_same_bytes(self):
        for command in ("audit", "plan"):
            first, second = (TIME.sub("", self.page(self.estate, CHANGES, command)[0]) for _ in range(2))
            self.assertEqual(first, second)

    def test_what_means_harm_is_text(self):
        self.estate.change_world(harm)
        for status, *command in ([CHANGES, "audit"], [CHANGES, "plan", "--ticket", NAME], [CHANGES, "diagnose", "HV01"]):
            with self.subTest(command):
                text, page = self.page(self.estate, status, *command)
                self.assertEqual(text.count("<script"), 2)
                self.assertNotIn("<img", text)
                if command[0] == "plan":
                    self.assertIn("\\u{202e}gnp.exe" + EVIL[0], page.words)


class InABrowser(Pages):
    @classmethod
    def setUpClass(cls):
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.folder = Estate()
        cls.addClassCleanup(cls.folder.remove)
        with open(os.path.join(HERE, "judges/axe.min.js"), encoding="utf-8") as axe:
            cls.axe = axe.read()

    def write(self, folder, name, *command):
        said = folder.run(*command, "--output", "html")
        self.assertIn(said.status, (FINE, CHANGES), said.err)
        folder.write(name, said.out)
        return folder.file(name)

    def open(self, path, **how):
        page = Page(self.browser, path, **how)
        self.addCleanup(page.close)
        return page

    def kept(self, path, *words):
        """Where a picture of a page is kept, for people to look at: below the folder of the build."""
        os.makedirs(PICTURES, exist_ok=True)
        return os.path.join(PICTURES, "-".join([os.path.basename(path).removesuffix(".html"), *words[:-1]]) + "." + words[-1])

    def quiet(self, page):
        self.assertEqual(page.seen(), ([page.url], []))

    def judged(self, page):
        page.run(self.axe + ";0")
        wrong = page.run("axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}})"
                         ".then(all => all.violations.map(one => one.id + ': ' + one.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))")
        self.assertEqual(wrong, [])

    def test_nobody_is_asked_and_nothing_is_wrong(self):
        harmless = self.write(self.folder, "plan.html", "plan")
        self.folder.apply()
        run = self.write(self.folder, "run.html", "show", self.folder.runs()[0])
        estate = Estate()
        self.addCleanup(estate.remove)
        estate.change_world(harm)
        evil = self.write(estate, "evil.html", "plan", "--ticket", NAME)
        names = self.write(estate, "names.html", "spn")
        for path, width, scheme in [(harmless, 1360, "light"), (harmless, 1360, "dark"), (harmless, 390, "light"), (run, 1360, "light"), (evil, 390, "dark"),
                                    (names, 390, "light")]:
            with self.subTest(path=os.path.basename(path), width=width, scheme=scheme):
                page = self.open(path, width=width, scheme=scheme, bypass=True)
                self.quiet(page)
                page.picture(self.kept(path, "phone" if width < 640 else "desktop", scheme, "png"), whole=True)
                self.assertLessEqual(page.run("document.documentElement.scrollWidth"), width)
                page.run("document.querySelectorAll('details').forEach(one => { one.open = true; })")
                self.judged(page)
        page = self.open(harmless)
        page.paper(self.kept(harmless, "print", "pdf"))
        page.call("Emulation.setEmulatedMedia", media="print")
        page.picture(self.kept(harmless, "print", "png"), whole=True)
        print(f"pictures of pages are in {PICTURES}", flush=True)

    def test_a_foreign_script_does_not_run(self):
        page = self.open(self.write(self.folder, "safe.html", "audit"))
        self.quiet(page)
        self.assertIn("TypeError", page.run("(() => { try { document.body.innerHTML = '<b>'; } catch (e) { return String(e); } })()"))
        self.assertIn("TypeError", page.run("fetch('https://example.invalid/').then(() => 'sent', e => String(e))"))

    def test_everything_is_reached_by_keyboard(self):
        page = self.open(self.write(self.folder, "keys.html", "plan"))
        page.run("window.at = x => x ? x.id || x.getAttribute('aria-label') || x.textContent : '';"
                 "window.all = [...document.querySelectorAll('a[href],button,input,summary,[tabindex=\"0\"]')].filter(x => x.checkVisibility()"
                 " && !(x.type == 'radio' && !x.checked)).length")
        seen = []
        for _ in range(page.run("all") + 1):
            page.key("Tab")
            seen.append(page.run("at(document.activeElement)"))
        self.assertIn("Skip to the report", seen[0])
        self.assertEqual(len(seen) - 1, page.run("all"), seen)
        focus, label = "document.querySelector('#grid [tabindex=\"0\"]').focus()", "document.activeElement.getAttribute('aria-label')"
        self.assertEqual(page.run("document.querySelectorAll('#grid [tabindex=\"0\"]').length"), 1)
        page.run(focus)
        for key, modifiers, wanted in [("Home", 2, "HV01, the host itself"), ("ArrowRight", 0, "HV01 to HV02"), ("ArrowDown", 0, "HV02, the host itself"),
                                       ("End", 0, "HV02 to HV03"), ("PageDown", 0, "HV03, the host itself"), ("ArrowLeft", 0, "HV03 to HV02: closed by: ")]:
            page.key(key, modifiers)
            self.assertIn(wanted, page.run(label))
        self.assertEqual(page.run("document.querySelectorAll('#grid [tabindex=\"0\"]').length"), 1)
        page.key("Enter")
        page.run("new Promise(done => setTimeout(done, 50))")
        self.assertEqual(page.run("[location.hash.startsWith('#change-'), document.querySelector(location.hash).open, document.activeElement.tagName]"), [True, True, "SUMMARY"])
        page.run("document.getElementById('ff').value = 'hv01'; document.getElementById('ft').value = 'HV03'; document.getElementById('find').requestSubmit()")
        self.assertIn("HV01 to HV03", page.run(label))
        page.run("[...document.querySelectorAll('input[name=phase]')].pop().click()")
        self.assertIn("open", page.run(label))
        page.run("document.getElementById('filter').value = 'hv03'; document.getElementById('filter').dispatchEvent(new Event('input'))")
        self.assertEqual(page.run("[...document.querySelectorAll('table.side tbody tr')].filter(x => !x.hidden).map(x => x.cells[0].textContent)"), ["HV03"])
        self.quiet(page)

    def test_who_may_act_where_is_found_by_name(self):
        fleet = Fleet([20, 3], policy=POLICY)
        self.addCleanup(fleet.remove)
        for host in list(fleet.hosts)[:12] + ["HV021"]:
            fleet.computers[host]["delegation.services"] = []
        fleet.computers["HV005"]["delegation.services"] = names_of(["HV001"])
        fleet.save()
        page = self.open(self.write(fleet, "many.html", "plan"))
        self.quiet(page)
        page.picture(self.kept("many.html", "desktop", "png"), whole=True)
        shown = ("[[...document.querySelectorAll('table.who-at tbody tr')].filter(x => !x.hidden).length, "
                 "document.querySelectorAll('.graph path:not(.off)').length, document.querySelectorAll('.graph [data-n]:not(.off)').length]")
        page.run("(() => { const x = document.getElementById('whofilter'); x.value = 'hv021'; x.dispatchEvent(new Event('input')); })()")
        self.assertEqual(page.run(shown), [1, 1, 2])
        page.run("(() => { const x = document.getElementById('whofilter'); x.value = ''; x.dispatchEvent(new Event('input')); })()")
        self.assertGreater(page.run(shown)[2], 4)

    def test_without_its_script_it_says_the_same(self):
        page = self.open(self.write(self.folder, "still.html", "audit"), script=False)
        tree = page.call("Accessibility.getFullAXTree")["nodes"]
        words = " ".join(str(one.get("name", {}).get("value", "")) for one in tree)
        for word in ("Hosts, those that differ first", "Open paths by migration domain", "as the policy wants", "HV02"):
            self.assertIn(word, words)

    def test_six_hundred_hosts_are_drawn_as_far_as_they_are_seen(self):
        fleet = Fleet([30] * 20, policy=POLICY)
        self.addCleanup(fleet.remove)
        for i, host in enumerate(sorted(fleet.hosts)):
            if i % 7 == 0:
                fleet.hosts[host]["migration.authentication"] = "credssp"
            if i % 3 == 0:
                fleet.computers[host]["delegation.services"] = fleet.computers[host]["delegation.services"][i % 20 + 1:]
        fleet.save()
        path = self.write(fleet, "plan.html", "plan")
        self.assertLess(os.path.getsize(path), 5 << 20)
        begun = time.monotonic()
        page = self.open(path, scheme="dark", bypass=True)
        print(f"600 hosts: {os.path.getsize(path)} bytes, first paint after {page.first_paint():.0f} ms, loaded after {(time.monotonic() - begun) * 1000:.0f} ms", flush=True)
        self.quiet(page)
        self.assertEqual(page.run("document.querySelectorAll('#tiles button').length"), 20)
        self.assertLess(page.run("document.querySelectorAll('.c').length"), 1000)
        self.judged(page)
