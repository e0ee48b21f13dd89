# SPDX-License-Identifier: Apache-2.0
"""`licgate sync` against a hand-written script on the same pages, alternating; run it through `Scripts/bench sync`."""
import argparse
import contextlib
import datetime
import functools
import http.server
import json
import os
import pathlib
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import threading
import time

import pages

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
LICGATE = ROOT / ".build/release/licgate"
JOBS = [("first", "first load"), ("second", "full pull, 1 % changed")]

NGINX = """
worker_processes 1; daemon off; pid {run}/nginx.pid; error_log {run}/error.log warn; {user}
events {{ worker_connections 256; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
  client_body_temp_path {run}/1; proxy_temp_path {run}/2; fastcgi_temp_path {run}/3; uwsgi_temp_path {run}/4; scgi_temp_path {run}/5;
  types {{ application/json json; application/xml xml; }}
  map $arg_page $number {{ default $arg_page; "" 1; }}
  server {{
    listen 127.0.0.1:{port};
    location ~ ^/(first|second)/(json|xml)$ {{ root {data}; try_files /$1/$2/p$number.$2 =404; }}
  }}
}}
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def served(data, run):
    """Serves the pages on loopback; yields the address and what serves them."""
    nginx = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    port = free_port()
    if not nginx:
        handler = functools.partial(PageHandler, data=data)
        with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{port}", "Python's http.server"
            server.shutdown()
        return
    run.mkdir(parents=True, exist_ok=True)
    user = "user root;" if os.getuid() == 0 else ""
    (run / "nginx.conf").write_text(NGINX.format(run=run, port=port, data=data, user=user))
    server = subprocess.Popen([nginx, "-c", run / "nginx.conf", "-p", run], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", "nginx"
    finally:
        server.terminate()
        server.wait()


class PageHandler(http.server.BaseHTTPRequestHandler):
    """The stand-in when nginx is not installed: the same addresses, slower."""
    protocol_version = "HTTP/1.1"

    def __init__(self, *arguments, data):
        self.data = data
        super().__init__(*arguments)

    def do_GET(self):
        path, _, query = self.path.partition("?")
        page = dict(part.partition("=")[::2] for part in query.split("&") if part).get("page", "1")
        kind = path.rsplit("/", 1)[-1]
        try:
            body = (self.data / path.strip("/") / f"p{int(page)}.{kind}").read_bytes()
        except (OSError, ValueError):
            body = None
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", f"application/{kind}")
        self.send_header("Content-Length", str(len(body or b"")))
        self.end_headers()
        self.wfile.write(body or b"")

    def log_message(self, *_):
        pass


def tree(root):
    found, waiting = [], [root]
    while waiting:
        process = waiting.pop()
        found.append(process)
        with contextlib.suppress(OSError):
            for task in os.listdir(f"/proc/{process}/task"):
                waiting += map(int, pathlib.Path(f"/proc/{process}/task/{task}/children").read_text().split())
    return found


class Memory(threading.Thread):
    """Samples resident and anonymous memory of a process tree every 50 ms; keeps the peaks."""

    def __init__(self, process):
        super().__init__(daemon=True)
        self.process, self.resident, self.anonymous, self.ended = process, 0, 0, False

    def run(self):
        while not self.ended:
            resident = anonymous = 0
            for process in tree(self.process):
                with contextlib.suppress(OSError, ValueError):
                    for line in pathlib.Path(f"/proc/{process}/status").read_text().splitlines():
                        if line.startswith("VmRSS"):
                            resident += int(line.split()[1])
                        elif line.startswith("RssAnon"):
                            anonymous += int(line.split()[1])
            self.resident = max(self.resident, resident)
            self.anonymous = max(self.anonymous, anonymous)
            time.sleep(0.05)


def measured(command, log):
    """Runs a command: wall and CPU seconds of it and its children, peak memory, its standard output."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    load, began = os.getloadavg()[0], time.monotonic()
    with open(log, "ab") as errors:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors)
        memory = Memory(process.pid)
        memory.start()
        output = process.communicate()[0].decode()
    wall = time.monotonic() - began
    memory.ended = True
    memory.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode != 0:
        sys.exit(f"error: {command[0]} ended with {process.returncode}; see {log}\n{output[-2000:]}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return output, {"wall_s": round(wall, 3), "cpu_s": round(cpu, 3), "load1": load,
                    "peak_rss_mib": round(memory.resident / 1024, 1), "peak_anon_mib": round(memory.anonymous / 1024, 1)}


def ours(kind, state, address, place, log):
    """`licgate sync` into a store of its own; counts are then asked of the catalogue, outside the measurement."""
    config = place / "config"
    (config / "secrets").mkdir(parents=True, exist_ok=True)
    (config / "dialects").mkdir(exist_ok=True)
    os.chmod(config / "secrets", 0o700)
    file = config / f"{state}.yaml"
    file.write_text("\n".join([
        'listen: "127.0.0.1:18499"', 'store: "../store"', 'index_key: "../index.key"', 'socket: "../s.sock"',
        f'adapters: "{place}/adapters"', 'dialects: "dialects"', f'licence_types: "{place.parent}/data/licence-types.csv"',
        'log: { level: warning }', f"sources: {{ bench-{kind}: {{ base_url: \"{address}/{state}\" }} }}", ""]))
    shutil.copytree(HERE / f"adapters/bench-{kind}", place / f"adapters/bench-{kind}", dirs_exist_ok=True)
    command = [LICGATE, "sync", "--outside-hours", "--config", file, "--all", "--full"]
    figures = measured(command, log)[1]
    stats = subprocess.run([LICGATE, "catalogue", "stats", "--format", "json", "--config", file],
                           check=True, capture_output=True, text=True)
    return json.loads(stats.stdout), figures


def by_hand(kind, state, address, place, log):
    place.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, HERE / "byhand.py", kind, f"{address}/{state}/{kind}", place / "licences.sqlite"]
    output, figures = measured(command, log)
    return {"records": int(output)}, figures


def disk_use(place):
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())


def one_round(number, kinds, address, work, count, note, report):
    sides = [("licgate", ours), ("by hand", by_hand)]
    for kind in kinds:
        places = {name: work / f"{name.replace(' ', '-')}-{kind}" for name, _ in sides}
        for place in places.values():
            shutil.rmtree(place, ignore_errors=True)
        for state, job in JOBS:
            # The order is turned every round, so that neither side always finds the warmer cache.
            for name, run in sides if number % 2 == 0 else reversed(sides):
                found, figures = run(kind, state, address, places[name], work / f"{name.replace(' ', '-')}.log")
                if found["records"] != count:
                    sys.exit(f"error: {name} holds {found['records']} records after {job} of {kind}, not {count}")
                report({"side": name, "format": kind, "job": job, "round": number + 1, "records": count, **figures,
                        "records_per_cpu_s": round(count / figures["cpu_s"]),
                        "disk_bytes": disk_use(places[name]), "catalogue": found, **note})


def spread(values, digits=0):
    middle = statistics.median(values)
    return f"{middle:,.{digits}f} ({min(values):,.{digits}f} to {max(values):,.{digits}f})"


def table(results):
    print(f"\n{'':34}{'records per CPU second':>34}{'peak anonymous MiB':>26}{'wall s':>24}")
    for kind in dict.fromkeys(entry["format"] for entry in results):
        for _, job in JOBS:
            rows = {side: [entry for entry in results if (entry["format"], entry["job"], entry["side"]) == (kind, job, side)]
                    for side in ("licgate", "by hand")}
            for side, entries in rows.items():
                print(f"{kind:5}{job:23} {side:8}{spread([e['records_per_cpu_s'] for e in entries]):>31}"
                      f"{spread([e['peak_anon_mib'] for e in entries]):>26}{spread([e['wall_s'] for e in entries], 1):>24}")
            ratio = (statistics.median(e["records_per_cpu_s"] for e in rows["licgate"])
                     / statistics.median(e["records_per_cpu_s"] for e in rows["by hand"]))
            print(f"{'':29}ratio   {ratio:27.2f}\n")


def git(*arguments):
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser(prog="Scripts/bench sync")
    parser.add_argument("--rounds", type=int, default=5, help="default 5")
    parser.add_argument("--records", type=int, default=200_000, help="default 200,000, in 200 pages")
    parser.add_argument("--formats", default="json,xml")
    parser.add_argument("--work", default=str(ROOT / ".build/bench-sync"), help="a folder that may be emptied")
    parser.add_argument("--output", default=str(ROOT / ".build/bench-sync.jsonl"))
    parser.add_argument("--seed", type=int, default=20260630)
    options = parser.parse_args()
    kinds = options.formats.split(",")
    work = pathlib.Path(options.work).resolve()
    data = work / "data"
    shape = f"{options.records} records, seed {options.seed}"
    if not (data / "shape").is_file() or (data / "shape").read_text() != shape:
        print(f"Writing the pages: {shape} …", flush=True)
        shutil.rmtree(data, ignore_errors=True)
        pages.generate(data, options.records, max(1, options.records // 200), options.seed)
        (data / "shape").write_text(shape)

    commit = git("rev-parse", "--short", "HEAD") + ("+changes" if git("status", "--porcelain") else "")
    cpu = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    results = []
    with served(data, work / "server") as (address, server), open(options.output, "a") as output:
        note = {"commit": commit, "seed": options.seed, "server": server, "cpu": cpu, "cores": os.cpu_count(),
                "disk_free_gib": shutil.disk_usage(work).free >> 30,
                "at": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")}
        print(f"{options.records:,} records, {options.rounds} rounds, served by {server}, commit {commit}, "
              f"{os.cpu_count()} × {cpu}, load {os.getloadavg()[0]:.1f}", flush=True)

        def report(entry):
            results.append(entry)
            output.write(json.dumps(entry) + "\n")
            output.flush()
            print(f"  round {entry['round']}  {entry['format']:5}{entry['job']:24}{entry['side']:9}"
                  f"{entry['records_per_cpu_s']:>9,}/CPU s  {entry['cpu_s']:7.2f} CPU s  {entry['wall_s']:7.2f} s  "
                  f"{entry['peak_anon_mib']:6.0f} MiB anonymous  load {entry['load1']:.1f}", flush=True)

        for number in range(options.rounds):
            one_round(number, kinds, address, work, options.records, note, report)
    table(results)
    print("Compared with Scripts/bench-data/byhand.py: requests, orjson or lxml, an upsert into SQLite, one commit a page.\n"
          "It keeps the current record only: no versions, change feed, quarantine, digests, holder index or resume.\n"
          "CPU is user and system time of the process and its children, the page server's not included. Memory is the\n"
          "peak of 50 ms samples. Median, and range in brackets. Every run is a line of " + options.output)


if __name__ == "__main__":
    main()
