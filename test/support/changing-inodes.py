"""Mounts an empty folder whose number of inode is another one each time that somebody looks, until it is unmounted."""
import errno
import stat
import sys

import pyfuse3
import trio


class ChangingInodes(pyfuse3.Operations):
    looks = 1000

    async def getattr(self, inode, ctx=None):
        self.looks += 1
        entry = pyfuse3.EntryAttributes()
        entry.st_ino = self.looks
        entry.st_mode = stat.S_IFDIR | 0o755
        entry.st_nlink = 1
        entry.attr_timeout = 0
        entry.entry_timeout = 0
        return entry

    async def lookup(self, parent, name, ctx=None):
        raise pyfuse3.FUSEError(errno.ENOENT)

    async def opendir(self, inode, ctx):
        return inode

    async def readdir(self, handle, start, token):
        return


pyfuse3.init(ChangingInodes(), sys.argv[1], {*pyfuse3.default_options, 'fsname=changing'})
print('mounted', flush=True)
try:
    trio.run(pyfuse3.main)
finally:
    pyfuse3.close(unmount=True)
