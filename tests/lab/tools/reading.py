"""How do seal_test.py and tls_test.py read hosts? By an audit of hosts' settings alone, so that one host is enough.

Writes the policy and inventories in which each host is reached in a way of its own. It judges nothing.
"""
import outside

POLICY = """policy: hosts
owner: tests
why: w
rules:
  - id: everything
    why: w
    on: hosts
    want:
      migration.enabled: true
      migration.authentication: kerberos
      migration.performance: compression
      migration.max_live: {at_least: 2}
      migration.max_storage: {at_least: 2}
      migration.networks: any
"""
SETTINGS = 6  # in it; HV01 complies with all of them
INVENTORY = """estate: hosts
directory: {{domain: {domain}, servers: [{dc}], bind: gssapi}}
hosts:
{usual}  list: [{hosts}]
"""
DOMAINS = "migration_domains: [{{name: hosts, hosts: [{names}]}}]\n"


def prepare(program):
    program.write("policy.yaml", POLICY)


def inventory(program, hosts, *usual):
    """hosts: name and the rest of its entry; usual: what is said of all of them, line by line."""
    entries = ", ".join(f"{{name: {name}{', ' + rest if rest else ''}}}" for name, rest in hosts.items())
    text = INVENTORY.format(domain=outside.lab("DOMAIN"), dc=outside.lab("DC"), hosts=entries,
                            usual="".join(f"  {line}\n" for line in usual))
    program.write("inventory.yaml", text + (DOMAINS.format(names=", ".join(hosts)) if len(hosts) > 1 else ""))


def findings(said):
    return [f for f in said.json()["findings"] if f["kind"] == "host"]


def verdicts(said):
    return {f["verdict"] for f in findings(said)}


def password(user, file):
    return f"credentials: {{user: '{user}', password_file: '{file}'}}"


def ntlm_of(host, file=None):
    return password(f"{host.upper()}\\{outside.lab('NTLM_USER')}", file or outside.lab("NTLM_PASSWORD_FILE"))


def on_all_hosts(switch, message):
    for host in outside.HOSTS:
        outside.control(host, switch, message)


def refusals(host):
    """Requests that the host answered with 401, the middle of a sign-on too."""
    return outside.control(host, "requests", None).get("unauthorized", 0)
