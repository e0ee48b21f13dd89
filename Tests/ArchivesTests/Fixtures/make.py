#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the archives beside it with Python's own gzip, zlib and zipfile: other people's writers, not ours."""
import gzip, io, os, struct, zipfile, zlib

here = os.path.dirname(os.path.abspath(__file__))
text = "".join('{"id":"L%05d","state":"有效"}\n' % n for n in range(400)).encode()
stamp = (2026, 11, 25, 0, 0, 0)


def save(name, data):
    with open(os.path.join(here, name), "wb") as file:
        file.write(data)


class Pipe(io.RawIOBase):
    """Cannot seek, so that zipfile writes data descriptors."""

    def __init__(self):
        self.data = b""

    def writable(self):
        return True

    def write(self, more):
        self.data += bytes(more)
        return len(more)


def archive(members, out=None, force=False, method=zipfile.ZIP_DEFLATED):
    out = out or io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as box:
        for name, data in members:
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type = method
            with box.open(info, "w", force_zip64=force) as member:
                member.write(data)
    return out.data if isinstance(out, Pipe) else out.getvalue()


save("content.txt", text)
save("plain.gz", gzip.compress(text, mtime=0))
save("two.gz", gzip.compress(text[:3000], mtime=0) + gzip.compress(text[3000:], mtime=0))
head = b"\x1f\x8b\x08\x1e\0\0\0\0\0\xff" + struct.pack("<H", 4) + b"AB\0\0" + b"name.txt\0" + b"said\0"
head += struct.pack("<H", zlib.crc32(head) & 0xFFFF)
save("flags.gz", head + zlib.compressobj(9, zlib.DEFLATED, -15).compress(b"") + gzip.compress(text, mtime=0)[10:])
save("zeros.gz", gzip.compress(b"\0" * (16 << 20), mtime=0))
save("wrapped.deflate", zlib.compress(text, 9))
raw = zlib.compressobj(9, zlib.DEFLATED, -15)
save("bare.deflate", raw.compress(text) + raw.flush())
pair = [("readme.txt", b"hello"), ("data/records.json", text)]
save("pair.zip", archive(pair))
save("stored.zip", archive(pair, method=zipfile.ZIP_STORED))
save("streamed.zip", archive(pair, Pipe()))
save("streamed64.zip", archive(pair, Pipe(), force=True))
save("folder.zip", archive([("data/", b""), ("data/records.json", text)]))
save("two.zip", archive([("a.json", text), ("b.json", text)]))
save("up.zip", archive([("../records.json", text)]))
save("root.zip", archive([("/records.json", text)]))
save("drive.zip", archive([("C:\\records.json", text)]))
save("zeros.zip", archive([("records.json", b"\0" * (16 << 20))]))
save("bzip2.zip", archive(pair, method=zipfile.ZIP_BZIP2))
gbk = archive([("xxxx.json", text)])
save("gbk.zip", gbk.replace(b"xxxx.json", "许可".encode("gbk") + b".json"))
locked = bytearray(archive([("records.json", text)]))
locked[6] |= 1
locked[locked.find(b"PK\1\2") + 8] |= 1
save("locked.zip", bytes(locked))
other = bytearray(archive([("records.json", text)]))
other[other.find(b"PK\1\2") + 46] = ord("R")
save("directory.zip", bytes(other))
