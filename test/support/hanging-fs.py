"""
A file system that takes every request and never answers, but for looking at its root: whatever opens it waits in the
kernel, and heeds no signal, until this program ends. Speaks the kernel's protocol itself (linux/fuse.h), so that it needs
nothing but Python: hanging-fs.py FOLDER
"""

import ctypes
import os
import struct
import sys

INIT, GETATTR, OPENDIR, STATX = 26, 3, 27, 52
ENOSYS = 38

folder = sys.argv[1].encode()
device = os.open('/dev/fuse', os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
options = f'fd={device},rootmode=40000,user_id=0,group_id=0,allow_other'.encode()
if libc.mount(b'hanging', folder, b'fuse', 0, options) != 0:
    sys.exit(f'cannot be mounted: {os.strerror(ctypes.get_errno())}')
print('mounted', flush=True)


def answer(unique, body):
    os.write(device, struct.pack('<IiQ', 16 + len(body), 0, unique) + body)


while True:
    request = os.read(device, 1 << 20)
    _, opcode, unique = struct.unpack_from('<IIQ', request)
    if opcode == INIT:
        answer(unique, struct.pack('<IIIIHHIIHHI28x', 7, 31, 65536, 0, 12, 12, 65536, 1, 16, 0, 0))
    elif opcode == GETATTR:
        # Valid for an hour; inode 1, a folder that anybody may enter.
        attributes = struct.pack('<QQQQQQIIIIIIIIII', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2, 0, 0, 0, 4096, 0)
        answer(unique, struct.pack('<QII', 3600, 0, 0) + attributes)
    elif opcode == STATX:
        # The kernel asks by GETATTR then.
        os.write(device, struct.pack('<IiQ', 16, -ENOSYS, unique))
    elif opcode == OPENDIR:
        print('opened', flush=True)
