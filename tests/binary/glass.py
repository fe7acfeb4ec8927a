"""An estate whose hosts break-glass switches, and what its tests ask again and again. Times are made by libfaketime."""
import jsonschema

from estate import FINE, Case, clock

OPEN = ("break-glass", "--hosts", "HV01,HV02", "--for", "45m", "--ticket", "CHG1", "--reason", "the KDC is broken", "--yes")
KERBEROS = {"HV01": "kerberos", "HV02": "kerberos", "HV03": "kerberos"}
OPENED = {**KERBEROS, "HV01": "credssp", "HV02": "credssp"}


def later(minutes):
    """The environment in which it is so much later."""
    return clock(f"{minutes * 60:+d}s")


class Glass(Case):
    def setUp(self):
        super().setUp()
        self.estate.change_world(lambda world: [host.update({"migration.enabled": True, "migration.authentication": "kerberos",
                                                             "host.credential_guard": name == "HV01"})
                                                for name, host in world["hosts"].items()])
        self.first = self.values()

    def values(self):
        return {name: host["migration.authentication"] for name, host in self.estate.world()["hosts"].items()}

    def result(self, status, *arguments, **more):
        said = self.estate.run(*arguments, "--output", "json", **more)
        self.assertEqual(said.status, status, str(said))
        jsonschema.validate(said.json(), self.estate.run("schema", "results").json(), cls=jsonschema.Draft202012Validator)
        return said.json()

    def opened(self, *more, env=None):
        return self.result(FINE, *OPEN, *more, env=env)["applied"]["run"]
