"""A strict stand-in for a Cisco IOS access switch: see ../README.md."""
