"""CrowdSec over an old web log, in its one-shot mode, in a network namespace of its own where only loopback exists.

Debian's package is unpacked, never installed: its scripts would start a service and register with a server outside.
The configuration names no online client. One scenario does our job as well as its buckets can: more than 49 of an
address's lines are 404 within a leak of 60 s; an address that goes on slowly alarms too (false positives: its buckets leak,
they do not slide). GeoIP and other enrichment that the job does not need is left out, in its favour.
"""
import os
import pathlib
import shutil
import sqlite3
import subprocess

PARSERS = ("s00-raw/crowdsecurity/syslog-logs.yaml", "s01-parse/crowdsecurity/nginx-logs.yaml",
           "s02-enrich/crowdsecurity/dateparse-enrich.yaml")
SCENARIO = """type: leaky
name: bench/errors-404
description: "fifty errors 404 within a minute"
filter: "evt.Meta.service == 'http' && evt.Meta.http_status == '404'"
groupby: evt.Meta.source_ip
capacity: 49
leakspeed: 60s
blackhole: 1m
labels: {service: http, type: scan, remediation: true}
"""
PROFILE = """name: ban
filters: ['Alert.Remediation == true && Alert.GetScope() == "Ip"']
decisions: [{type: ban, duration: 4h}]
on_success: break
"""
CONFIG = """common: {{daemonize: false, log_media: stdout, log_level: warning, working_dir: .}}
config_paths:
  config_dir: {etc}/
  data_dir: {data}/
  simulation_path: {etc}/simulation.yaml
  hub_dir: {hub}/
  index_path: {hub}/.index.json
  notification_dir: {etc}/notifications/
  plugin_dir: {etc}/plugins/
crowdsec_service: {{acquisition_path: {etc}/acquis.yaml, parser_routines: 1}}
cscli: {{output: raw}}
db_config: {{log_level: warning, type: sqlite, db_path: {data}/crowdsec.db, use_wal: true}}
api:
  client: {{insecure_skip_verify: false, credentials_path: {etc}/local.yaml}}
  server: {{log_level: warning, listen_uri: "127.0.0.1:18080", profiles_path: {etc}/profiles.yaml}}
prometheus: {{enabled: false}}
"""
# no network but loopback, whatever the program may try; the same process afterwards, so that it is the one measured
ALONE = ["unshare", "-n", "--", "sh", "-c", 'ip link set lo up && exec "$@"', "sh"]


class NotMeasured(Exception):
    """Why there are no figures."""


def unpacked(folder, scale):
    """The package's files: as installed, as unpacked by an earlier run, or fetched now (GARITA_BENCH_PEERS=1|0)."""
    if pathlib.Path("/usr/bin/crowdsec").exists() and pathlib.Path("/usr/share/crowdsec/hub").exists():
        return pathlib.Path("/")
    root = folder / "crowdsec"
    if (root / "usr/bin/crowdsec").exists():
        return root
    if os.environ.get("GARITA_BENCH_PEERS", "1" if scale == "full" else "0") != "1":
        raise NotMeasured("it is not here, and is fetched only by GARITA_BENCH_PEERS=1")
    root.mkdir(parents=True, exist_ok=True)
    got = subprocess.run(["apt-get", "download", "-q", "crowdsec"], cwd=root, capture_output=True, text=True, check=False)
    packages = list(root.glob("crowdsec_*.deb"))
    if got.returncode != 0 or not packages:
        raise NotMeasured("Debian's package could not be fetched: " + (got.stderr.strip().splitlines() or ["?"])[-1])
    subprocess.run(["dpkg-deb", "-x", packages[0], root], check=True)
    packages[0].unlink()
    return root


class CrowdSec:
    def __init__(self, package, folder):
        if os.geteuid() != 0:
            raise NotMeasured("a network namespace of its own needs root")
        self.program, self.cscli = package / "usr/bin/crowdsec", package / "usr/bin/cscli"
        self.package, self.folder = package, folder

    def prepare(self):
        """A fresh configuration and an empty database."""
        shutil.rmtree(self.folder, ignore_errors=True)
        etc, data, hub = self.folder / "etc", self.folder / "data", self.folder / "hub"
        for path in (data, etc / "notifications", etc / "plugins", etc / "scenarios"):
            path.mkdir(parents=True)
        shutil.copytree(self.package / "usr/share/crowdsec/hub", hub)
        shutil.copytree(self.package / "etc/crowdsec/patterns", etc / "patterns")
        for parser in PARSERS:
            link = etc / "parsers" / parser.split("/")[0] / pathlib.Path(parser).name
            link.parent.mkdir(parents=True)
            link.symlink_to(hub / "parsers" / parser)
        for name, text in (("config.yaml", CONFIG.format(etc=etc, data=data, hub=hub)), ("scenarios/bench.yaml", SCENARIO),
                           ("profiles.yaml", PROFILE), ("simulation.yaml", "simulation: false\n"), ("acquis.yaml", ""),
                           ("local.yaml", "")):
            (etc / name).write_text(text)
        self.config, self.database = etc / "config.yaml", data / "crowdsec.db"
        made = subprocess.run([*ALONE, self.cscli, "-c", self.config, "machines", "add", "bench", "--password", "bench-password",
                               "--force", "-u", "http://127.0.0.1:18080", "-f", etc / "local.yaml"],
                              capture_output=True, text=True, check=False)
        if made.returncode != 0:
            raise NotMeasured("its command line refused: " + (made.stderr.strip().splitlines() or ["?"])[-1])

    def command(self, log):
        return [*ALONE, self.program, "-c", self.config, "-dsn", f"file://{log}", "-type", "nginx"]

    def version(self):
        told = subprocess.run([self.cscli, "version"], capture_output=True, text=True, check=False)
        first = (told.stderr + told.stdout).split("version: ")[-1].split()
        return first[0] if first else "?"

    def banned(self):
        """What it decided; to be read after the process has ended."""
        with sqlite3.connect(self.database) as database:
            return {value for (value,) in database.execute("SELECT DISTINCT value FROM decisions")}
