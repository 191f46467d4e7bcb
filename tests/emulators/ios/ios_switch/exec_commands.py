"""Commands of the user's and the privileged mode, except `show`."""
from . import link, security
from .grammar import Commands
from .running_config import running_config
from .shell import CONFIG, EXEC, USER, Ask, Leave, Raw, Wait
from .state import CONFIGURED, DYNAMIC, STICKY

user, privileged = Commands(), Commands()


def both(*specs):
    def register(function):
        return user(*specs)(privileged(*specs)(function))
    return register


@both("exit", "logout", "quit")
def leave(shell, match):
    yield Leave()


@user("enable", "enable <0-15>")
def enable(shell, match):
    switch = shell.switch
    kind = switch.settings.enable_kind
    if kind == "none":
        yield ["% No password set"]
        return
    for _ in range(1 if kind == "aaa" else 3):
        given = yield Ask("Password: ", echo=False)
        if given == switch.settings.enable_secret:
            shell.mode = EXEC
            return
        switch.counts["refused_enables"] += 1
        if given == "":
            break
    yield [{"secret": "% Bad secrets", "password": "% Bad passwords", "aaa": "% Access denied"}[kind], ""]


@privileged("enable")
def enable_again(shell, match):
    return []


@both("disable")
def disable(shell, match):
    shell.mode = USER


@both("terminal length <0-512>", "terminal width <0-512>")
def terminal(shell, match):
    setattr(shell, match.words[1], match.values[0])


@both("terminal no length", "terminal no width", "terminal default length", "terminal default width")
def terminal_default(shell, match):
    setattr(shell, match.words[2], 24 if match.has("length") else 80)


@both("terminal no monitor")
def monitor_off(shell, match):
    shell.monitor = False


@privileged("terminal monitor")
def monitor_on(shell, match):
    shell.monitor = True


@privileged("configure terminal")
def configure(shell, match):
    return _configure(shell)


@privileged("configure")
def configure_from(shell, match):
    source = yield Ask("Configuring from terminal, memory, or network [terminal]? ")
    if source not in ("", "terminal", "t"):
        yield ["?Must be \"terminal\", \"memory\" or \"network\""]
        return
    yield from _configure(shell)


def _configure(shell):
    holder = shell.switch.modes["config_locked"]
    if holder:
        yield [f"Configuration mode locked exclusively by user '{holder}' process '3' from terminal '0'."
               " Please try later.", ""]
        return
    shell.mode = CONFIG
    yield ["Enter configuration commands, one per line.  End with CNTL/Z."]


@privileged("write", "write memory")
def write(shell, match):
    return _save(shell)


@privileged("write terminal")
def write_terminal(shell, match):
    return running_config(shell.switch)


@privileged("copy running-config startup-config")
def copy(shell, match):
    name = yield Ask("Destination filename [startup-config]? ")
    if name not in ("", "startup-config"):
        yield [f"%Error opening nvram:{name} (No such file or directory)"]
        return
    yield from _save(shell)


def _save(shell):
    switch, modes = shell.switch, shell.switch.modes
    if modes["save_question"]:
        yield ["Warning: Attempting to overwrite an NVRAM configuration previously written",
               "by a different version of the system image."]
        answer = yield Ask("Overwrite the previous NVRAM configuration?[confirm]", key=True)
        if not answer:
            return
    yield ["Building configuration..."]
    if modes["save_delay"]:
        yield Wait(modes["save_delay"])
    if modes["save_error"]:
        yield modes["save_error"].split("\n")
        return
    if not modes["lying_save"]:
        switch.startup = "\n".join(running_config(switch, banner=False))
        switch.counts["saves"] += 1
    yield Raw("[OK]\r\n")


@privileged("erase startup-config", "write erase")
def erase(shell, match):
    answer = yield Ask("Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]", key=True)
    if answer:
        shell.switch.startup = ""
        yield ["[OK]", "Erase of nvram: complete"]


KINDS = {"configured": CONFIGURED, "sticky": STICKY, "dynamic": DYNAMIC, "all": ""}


def _clear_specs():
    for kind in KINDS:
        yield f"clear port-security {kind}"
        yield f"clear port-security {kind} address MAC"
        yield f"clear port-security {kind} interface INTERFACE"
        yield f"clear port-security {kind} interface INTERFACE address MAC"


@privileged(*_clear_specs())
def clear_port_security(shell, match):
    values = dict(zip([w for w in match.words if w in ("address", "interface")], match.values))
    for port in shell.switch.ports.values():
        if values.get("interface") in (None, port.name):
            security.drop(port, KINDS[match.words[2]], values.get("address"))


@privileged("clear mac address-table dynamic", "clear mac address-table dynamic address MAC",
            "clear mac address-table dynamic interface INTERFACE", "clear mac address-table dynamic vlan <1-4094>")
def clear_table(shell, match):
    wanted = match.values[0] if match.values else None
    switch = shell.switch
    switch.learned = {key: port for key, port in switch.learned.items()
                      if wanted is not None and wanted not in (key[0], key[1], port)}


@privileged("clear logging")
def clear_logging(shell, match):
    answer = yield Ask("Clear logging buffer [confirm]", key=True)
    if answer:
        shell.switch.logged.clear()


@privileged("clear counters", "undebug all", "no debug all")
def nothing(shell, match):
    return []


@privileged("clear errdisable interface INTERFACE vlan")
def clear_errdisable(shell, match):
    port = shell.switch.ports.get(match.values[0])
    if port and port.error:
        link.recover(shell.switch, port, port.error)


def absent(shell, match):
    return ["% This command of IOS is not emulated.", ""]


privileged.outline("access-enable archive call cd cns connect crypto debug delete dir disconnect dot1x erase format help "
                   "lock login mkdir monitor more mstat name-connection ping ppp pwd reload remote release rename renew resume "
                   "rlogin rmdir rsh send set setup slip ssh start-chat systat tclsh telnet test traceroute tunnel udld verify "
                   "vtp where who", absent)
user.outline("access-enable clear connect crypto disconnect help lock login name-connection ping ppp release renew resume rlogin "
             "set slip ssh systat telnet traceroute tunnel where", absent)
