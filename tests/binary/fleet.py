"""Large estates that live in a file: every host in order, and then what a test changes. Hosts are called as `name` says,
the same world from the same arguments.
"""
import json
import subprocess
import sys

import estate
from estate import CONFIG, PATIENCE, Folder

NO_LIMITS = "rollout: {limits: {hosts: 100%, paths_closed: 100%}}\n"
POLICY = f"""policy: fleet-standard
owner: virtualization@fleet.example
why: One standard for all hosts.
{NO_LIMITS}rules:
  - id: migration-on
    why: A host that refuses moves pins its workloads.
    severity: high
    on: hosts
    want:
      migration.enabled: true
      migration.authentication: kerberos
      migration.performance: compression
      migration.max_live: {{at_least: 2}}
      migration.networks: any
  - id: delegation
    why: Kerberos moves need it.
    severity: critical
    on: computers
    want:
      delegation.services: {{includes: {{services: [cifs, migration], of: peers}}}}
      delegation.protocol_transition: true
      spn.migration: present
  - id: no-unconstrained
    why: Such an account collects everybody's tickets.
    severity: critical
    on: computers
    want: {{delegation.unconstrained: false}}
"""
SERVICES = ("cifs", "Microsoft Virtual System Migration Service")


def names_of(hosts, services=SERVICES):
    return [f"{service}/{name}" for host in hosts for service in services for name in (host, f"{host.lower()}.fleet.example")]


def host_of(number, build=20348):
    address = f"10.{20 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}"
    return {"migration.enabled": True, "migration.authentication": "kerberos", "migration.performance": "compression",
            "migration.max_live": 2, "migration.max_storage": 2, "migration.networks": ["any"], "host.build": build,
            "host.domain": "fleet.example", "host.addresses": [address], "host.listeners": [address], "host.running_migrations": 0}


def account_of(host, peers):
    return {"delegation.services": names_of(peers), "delegation.protocol_transition": True,
            "delegation.unconstrained": False, "spn.migration": names_of([host], SERVICES[1:]), "caller.delegable": "yes",
            "account.dns_name": f"{host.lower()}.fleet.example",
            "account.flags": ["trusted_to_auth_for_delegation", "workstation_trust_account"]}


class Fleet(Folder):
    """Migration domains of the given sizes; one host is in none."""
    usual = {"FAIRWAY_STORE": "journal.db", "NO_COLOR": "1"}

    def __init__(self, sizes, name="HV{:03}".format, policy=POLICY):
        super().__init__()
        self.domains, number = {}, 0
        self.hosts, self.computers = {}, {}
        for domain, size in enumerate(sizes):
            members = [name(number + i + 1) for i in range(size)]
            for i, host in enumerate(members):
                self.hosts[host] = host_of(number + i)
                self.computers[host] = account_of(host, [peer for peer in members if peer != host])
            self.domains[f"pool-{domain + 1:02}"] = members
            number += size
        self.faults = []
        self.write("policy.yaml", policy)
        self.write("fairway.yaml", CONFIG)
        domains = [{"name": name, "hosts": hosts} for name, hosts in self.domains.items() if len(hosts) > 1]
        self.write("inventory.yaml", json.dumps({
            "estate": "fleet", "embedded": {"file": "world.json", "domain": "fleet.example"},
            "hosts": {"list": [{"name": host} for host in self.hosts]},
            **({"migration_domains": domains} if domains else {})}))
        self.save()

    def save(self):
        self.write("world.json", json.dumps({"fairway_estate": 1, "estate": "fleet", "hosts": self.hosts,
                                             "computers": self.computers, "faults": self.faults}))

    def unreachable(self, host, setting="", effect="unreachable"):
        self.faults.append({"on": "read", "effect": effect, "object": host, "setting": setting, "skip": 0, "times": 1})

    def cost(self, *arguments, program=None):
        """Its exit status, how many bytes it prints, and the most memory that it takes, in bytes; of another `program` if there
        is one. A small process starts it, because what one process holds is counted for whatever it starts."""
        starter = ("import resource, subprocess, sys; status = subprocess.run(sys.argv[1:]).returncode; "
                   "print('\\n%d' % resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr); sys.exit(status)")
        done = subprocess.run([sys.executable, "-c", starter, *(program or [estate.FAIRWAY]), *arguments], cwd=self.path, capture_output=True,
                              env=self.environment(), timeout=PATIENCE)
        return done.returncode, len(done.stdout), int(done.stderr.splitlines()[-1]) * 1024
