"""All trees of commands, by mode."""
from . import exec_commands, interface_commands, portsec_commands, show_ports, show_security, show_system  # noqa: F401
from .config_commands import config, interface, line_mode, vlan_mode
from .shell import CONFIG, EXEC, INTERFACE, LINE, USER, VLAN

TREES = {USER: exec_commands.user.tree, EXEC: exec_commands.privileged.tree, CONFIG: config.tree, INTERFACE: interface.tree,
         LINE: line_mode.tree, VLAN: vlan_mode.tree}
