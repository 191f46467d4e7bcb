"""show version, users, running-config, startup-config, logging, clock, cdp neighbors and others"""
import time

from . import running_config
from .exec_commands import absent, both, privileged, user


def _version_ios(switch):
    return ["Cisco IOS Software, C2960X Software (C2960X-UNIVERSALK9-M), Version 15.2(7)E4, RELEASE SOFTWARE (fc2)",
            "Technical Support: http://www.cisco.com/techsupport", "Copyright (c) 1986-2021 by Cisco Systems, Inc.",
            "Compiled Mon 08-Mar-21 10:36 by prod_rel_team", "",
            "ROM: Bootstrap program is C2960X boot loader",
            "BOOTLDR: C2960X Boot Loader (C2960X-HBOOT-M) Version 15.2(7r)E2, RELEASE SOFTWARE (fc1)", "",
            f"{switch.hostname} uptime is {_uptime(switch)}", "System returned to ROM by power-on",
            'System image file is "flash:/c2960x-universalk9-mz.152-7.E4.bin"', "",
            "cisco WS-C2960X-24TS-L (APM86XXX) processor (revision V01) with 524288K bytes of memory.",
            "Processor board ID FOC00000000", "Last reset from power-on",
            "512K bytes of flash-simulated non-volatile configuration memory.",
            "Base ethernet MAC Address       : 00:00:5E:00:53:80"]


def _version_xe(switch):
    return ["Cisco IOS XE Software, Version 16.12.04",
            "Cisco IOS Software [Gibraltar], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.12.4, RELEASE SOFTWARE (fc5)",
            "Technical Support: http://www.cisco.com/techsupport", "Copyright (c) 1986-2020 by Cisco Systems, Inc.",
            "Compiled Thu 09-Jul-20 21:44 by mcpre", "", "ROM: IOS-XE ROMMON",
            "BOOTLDR: System Bootstrap, Version 17.1.1r[FC3], RELEASE SOFTWARE (P)", "",
            f"{switch.hostname} uptime is {_uptime(switch)}", f"Uptime for this control processor is {_uptime(switch)}",
            "System returned to ROM by Power Failure", 'System image file is "flash:packages.conf"', "Last reload reason: PowerOn", "",
            "cisco C9300-24P (X86) processor with 1392780K/6147K bytes of memory.", "Processor board ID FOC00000000",
            "2048K bytes of non-volatile configuration memory.", "8388608K bytes of physical memory.", "",
            "Base Ethernet MAC Address          : 00:00:5e:00:53:80", "Model Number                       : C9300-24P",
            "System Serial Number               : FOC00000000"]


def _uptime(switch):
    minutes = int(switch.now() - switch.started) // 60 + 61
    return f"{minutes // 60} hour{'s' if minutes >= 120 else ''}, {minutes % 60} minute{'' if minutes % 60 == 1 else 's'}"


@both("show version")
def version(shell, match):
    switch = shell.switch
    text = _version_xe(switch) if switch.settings.version == "ios-xe" else _version_ios(switch)
    return text + ["", "Configuration register is 0xF", ""]


@both("show users", "show users all")
def users(shell, match):
    lines = ["    Line       User       Host(s)              Idle       Location"]
    everything = match.has("all")
    if everything:
        lines += ["   0 con 0                                     00:00:00"]
    taken = {session.shell.number: session.shell for session in shell.switch.sessions if session.shell}
    for number in range(shell.switch.modes["vty"]) if everything else sorted(taken):
        other = taken.get(number)
        if other:
            mark = "*" if other is shell else " "
            lines.append(f"{mark} {number + 1:>2} vty {number:<4}  {other.user:<10} idle                 00:00:00   {other.origin[5:].strip('( )')}")
        else:
            lines.append(f"  {number + 1:>2} vty {number:<38}00:00:00")
    return lines + ["", "  Interface    User               Mode         Idle     Peer Address", ""]


@privileged("show running-config", "show running-config all")
def running(shell, match):
    return running_config.running_config(shell.switch)


@privileged("show running-config interface INTERFACE")
def running_of_interface(shell, match):
    port = shell.switch.ports.get(match.values[0])
    if port is None:
        return ["% Invalid input detected at '^' marker.", ""]
    return running_config.of_interface(shell.switch, port)


@privileged("show startup-config")
def startup(shell, match):
    text = shell.switch.startup
    if not text:
        return ["startup-config is not present"]
    return [f"Using {len(text)} out of 524288 bytes", "!"] + text.split("\n")


@both("show clock")
def clock(shell, match):
    now = shell.switch.now()
    at = time.gmtime(now)
    return [time.strftime("*%H:%M:%S", at) + f".{int(now * 1000) % 1000:03d} UTC " + time.strftime("%a %b ", at)
            + f"{at.tm_mday} {at.tm_year}"]


@both("show privilege")
def privilege(shell, match):
    return [f"Current privilege level is {1 if shell.mode == 'user' else 15}"]


@privileged("show logging")
def logging(shell, match):
    switch = shell.switch
    return ["Syslog logging: enabled (0 messages dropped, 0 messages rate-limited, 0 flushes, 0 overruns, xml disabled, filtering disabled)",
            "", "No Active Message Discriminator.", "", "", "", "No Inactive Message Discriminator.", "", "",
            f"    Console logging: level debugging, {len(switch.logged)} messages logged, xml disabled,",
            "                     filtering disabled",
            "    Monitor logging: level debugging, 0 messages logged, xml disabled,",
            "                     filtering disabled",
            f"    Buffer logging:  level debugging, {len(switch.logged)} messages logged, xml disabled,",
            "                    filtering disabled", "", "Log Buffer (4096 bytes):", ""] + \
        [f"*{body}" for body in switch.logged[-50:]]


def _neighbor(one):
    return ["-------------------------", f"Device ID: {one['device']}", "Entry address(es): ", f"  IP address: {one['address']}",
            f"Platform: {one['platform']},  Capabilities: {one['capabilities']} ",
            f"Interface: {one['port']},  Port ID (outgoing port): {one['remote']}", "Holdtime : 164 sec", "", "Version :",
            one.get("version", "Cisco IOS Software"), "", "advertisement version: 2", "Duplex: full", ""]


@both("show cdp neighbors detail", "show cdp neighbors INTERFACE detail")
def cdp_detail(shell, match):
    wanted = [one for one in shell.switch.settings.neighbors if match.values in ([], [one["port"]])]
    return [line for one in wanted for line in _neighbor(one)] + ["", f"Total cdp entries displayed : {len(wanted)}"]


SHOW_WORDS = ("aaa access-lists adjacency aliases archive arp authentication auto boot cable-diagnostics clns cluster configuration "
              "controllers crypto debugging dhcp diagnostic dot1x dtp eap environment env file flash: history hosts hw-module idb "
              "inventory ip ipc ipv6 key line link lldp location logging mls monitor network nmsp ntp parser platform power "
              "processes protocols queue radius rmon rps sdm sessions setup snmp spanning-tree ssh ssl stacks standby storm-control "
              "subsys switch tacacs tcp tech-support template terminal trace track udld version vmps vtp")


def add_outline():
    for commands in (user, privileged):
        for word in SHOW_WORDS.split():
            node = commands.tree.keywords["show"]
            if word not in node.keywords:
                commands.tree.add(f"show {word}", absent)
                commands.tree.add(f"show {word} LINE", absent)


add_outline()
