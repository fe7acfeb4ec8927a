#!/usr/bin/python3
"""The peer pywinrm: posts the texts of a file to each of N hosts, one after the other or with threads.

    wsman_pywinrm.py HOSTS THREADS USER PASSWORD-FILE TEXTS-FILE      (a JSON array of SOAP texts)

One Protocol for each host, so that its connection is kept between the texts. Prints its peak memory.
"""
import json
import sys
from concurrent.futures import ThreadPoolExecutor

from winrm.protocol import Protocol

from wsman_world import PORT, address_of


def ask(host, user, password, texts):
    protocol = Protocol(f"http://{address_of(host)}:{PORT}/wsman", transport="plaintext", username=user,
                        password=password)
    for text in texts:
        if b"EndOfSequence" not in protocol.send_message(text):
            sys.exit(f"wsman_pywinrm: host {host} answered something else")
    protocol.transport.session.close()


def main():
    hosts, threads, user, password_file, texts_file = sys.argv[1:]
    with open(password_file, encoding="utf-8") as password, open(texts_file, encoding="utf-8") as texts:
        words = (user, password.read(), json.load(texts))
    if int(threads) == 1:
        for host in range(int(hosts)):
            ask(host, *words)
    else:
        with ThreadPoolExecutor(int(threads)) as crew:
            for done in [crew.submit(ask, host, *words) for host in range(int(hosts))]:
                done.result()
    with open("/proc/self/status", encoding="utf-8") as status:
        kib = next(line.split()[1] for line in status if line.startswith("VmHWM:"))
    print(f"peak_mib={int(kib) / 1024:.1f}")


if __name__ == "__main__":
    main()
