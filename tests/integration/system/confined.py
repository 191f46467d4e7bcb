"""confined.py CALLS -- PROGRAM ARGUMENTS…: runs it with only these system calls (names, with spaces between); others fail with
EPERM, as under a unit's SystemCallFilter."""
import ctypes
import errno
import os
import sys

seccomp = ctypes.CDLL('libseccomp.so.2', use_errno=True)
seccomp.seccomp_init.restype = ctypes.c_void_p
seccomp.seccomp_init.argtypes = [ctypes.c_uint32]
seccomp.seccomp_rule_add.argtypes = [ctypes.c_void_p, ctypes.c_uint32, ctypes.c_int, ctypes.c_uint]
seccomp.seccomp_load.argtypes = [ctypes.c_void_p]
ALLOW, REFUSE = 0x7fff0000, 0x00050000 | errno.EPERM


def main(calls, program):
    context = seccomp.seccomp_init(REFUSE)
    for name in calls.split():
        number = seccomp.seccomp_syscall_resolve_name(name.encode())
        if number >= 0 and seccomp.seccomp_rule_add(context, ALLOW, number, 0) != 0:
            raise OSError(f'no rule for {name}')
    if seccomp.seccomp_load(context) != 0:
        raise OSError('no filter')
    os.execv(program[0], program)


if __name__ == '__main__':
    main(sys.argv[1], sys.argv[sys.argv.index('--') + 1:])
