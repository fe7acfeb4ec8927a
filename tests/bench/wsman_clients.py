"""The clients that tests/bench/wsman compares: for each its command line and the files that it reads, and what one run
of it cost. A client must not know how another one asks; the texts that peers post are those that Fairway sent.
"""
import json
import os
import subprocess
import time
from dataclasses import dataclass

from wsman_world import PORT, PRINCIPAL, USER, address_of, write_secret

HERE = os.path.dirname(os.path.abspath(__file__))
CURL_PARALLEL, THREADS, FORKS = 200, 32, 5
PATIENCE_S = 600


@dataclass
class Client:
    name: str
    hosts: int
    command: list
    sends_texts: bool = True  # the same requests as Fairway; else its own
    sealed: bool = False
    once: bool = False


@dataclass
class Cost:
    wall_s: float
    cpu_s: float
    peak_mib: float
    servers_cpu_s: float
    tally: dict
    figures: dict  # that the client itself reports


def fairway(world, program, hosts, how):
    name = {"basic": "Fairway, Basic", "kerberos": "Fairway, Kerberos sealed", "plain": "Fairway, Kerberos unsealed"}[how]
    words = [USER, world.password_file] if how == "basic" else [PRINCIPAL, world.keytab]
    authentication = "basic" if how == "basic" else "kerberos"
    more = ["plain"] if how == "plain" else []
    return Client(name, hosts, [program, str(hosts), authentication, *words, *more], sealed=how == "kerberos")


def changing(world, program, hosts, journal):
    """Reads all hosts, changes a setting of each, rolls the run back."""
    return Client("Fairway, changes", hosts,
                  [program, str(hosts), "basic", USER, world.password_file, "change", journal], sends_texts=False)


def curl(world, hosts, texts):
    """All hosts of a block get the first text, then the second: so each finds its connection again. Three texts to one
    host side by side would open three."""
    files = []
    for number, text in enumerate(texts):
        files.append(f"{world.folder}/text{number}")
        with open(files[-1], "w", encoding="utf-8") as out:
            out.write(text)
    with open(world.password_file, encoding="utf-8") as secret:
        password = secret.read()
    entries = [f'url = "http://{address_of(host)}:{PORT}/wsman"\nuser = "{USER}:{password}"\n'
               f'header = "Content-Type: application/soap+xml;charset=UTF-8"\ndata-binary = "@{file}"\n'
               'output = "/dev/null"\n'
               for first in range(0, hosts, CURL_PARALLEL) for file in files
               for host in range(first, min(first + CURL_PARALLEL, hosts))]
    config = f"{world.folder}/curl{hosts}.config"
    write_secret(config, "next\n".join(entries))
    return Client(f"curl, {CURL_PARALLEL} in parallel", hosts,
                  ["curl", "--silent", "--show-error", "--fail-early", "--parallel", "--parallel-immediate",
                   "--parallel-max", str(min(CURL_PARALLEL, hosts)), "--config", config])


def pywinrm(world, hosts, threads, texts):
    file = f"{world.folder}/texts.json"
    with open(file, "w", encoding="utf-8") as out:
        json.dump(texts, out)
    return Client(f"pywinrm, {threads} threads" if threads > 1 else "pywinrm, one after the other", hosts,
                  ["/usr/bin/python3", f"{HERE}/wsman_pywinrm.py", str(hosts), str(threads), USER, world.password_file,
                   file])


def ansible(world, hosts):
    with open(world.password_file, encoding="utf-8") as secret:
        password = secret.read()
    inventory = f"{world.folder}/inventory.ini"
    write_secret(inventory, "".join(f"hv{h + 1:05} ansible_host={address_of(h)}\n" for h in range(hosts)) +
                 f"[all:vars]\nansible_connection=winrm\nansible_port={PORT}\nansible_winrm_scheme=http\n"
                 f"ansible_winrm_transport=basic\nansible_user={USER}\nansible_password={password}\n")
    with open(f"{world.folder}/ansible.cfg", "w", encoding="utf-8") as config:
        config.write("[defaults]\n")  # nobody's own
    command = "Get-CimInstance -Namespace root/virtualization/v2 Msvm_VirtualSystemMigrationServiceSettingData"
    return Client(f"Ansible raw, {FORKS} forks", hosts,
                  ["ansible", "all", "-i", inventory, "-f", str(FORKS), "-m", "raw", "-a", command], sends_texts=False,
                  once=True)


def own_figures(output):
    words = [word.split("=") for word in output.split() if word.count("=") == 1]
    return {name: float(value) for name, value in words if value.replace(".", "", 1).isdigit()}


def run(world, client):
    """Its cost; ends the benchmark if it failed or did not ask what it was to ask."""
    environment = dict(world.environment, ANSIBLE_HOME=f"{world.folder}/ansible", ANSIBLE_LOCAL_TEMP=world.folder,
                       ANSIBLE_CONFIG=f"{world.folder}/ansible.cfg", ANSIBLE_NOCOLOR="1", PYTHONDONTWRITEBYTECODE="1")
    world.reset()
    before = world.tally()["cpu_s"] + world.kdc_cpu_s()
    log = f"{world.folder}/client.log"
    with open(log, "w", encoding="utf-8") as out:
        start = time.perf_counter()
        # pylint: disable=consider-using-with
        process = subprocess.Popen(["timeout", str(PATIENCE_S), *client.command], stdout=out, stderr=subprocess.STDOUT,
                                   stdin=subprocess.DEVNULL, env=environment, cwd=world.folder)
        _, status, used = os.wait4(process.pid, 0)
        wall_s = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    with open(log, encoding="utf-8") as out:
        said = out.read()
    if process.returncode != 0:
        raise SystemExit(f"wsman: {client.name} ended with {process.returncode}: {said[-2000:]}")
    tally = world.tally()
    check(client, tally)
    figures = own_figures(said)
    return Cost(wall_s, used.ru_utime + used.ru_stime, figures.get("peak_mib", used.ru_maxrss / 1024),
                tally["cpu_s"] + world.kdc_cpu_s() - before, tally, figures)


def check(client, tally):
    """A figure of requests that failed, or went to some hosts only, is none."""
    faults = [what for what in tally["requests"] if what.startswith("fault")]
    if faults or tally["hosts_asked"] != client.hosts or tally["least_of_a_host"] != tally["most_of_a_host"]:
        raise SystemExit(f"wsman: {client.name} did not ask each of {client.hosts} hosts the same: {tally}")
